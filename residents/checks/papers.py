"""What only decrypted values tell, so looked for at night: papers that contradict the rest."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Count, F

from orgs.models import Gender
from orgs.quality import Asked, Severity, check
from residents.catalog import CITIZEN_ID
from residents.checks.subjects import RESIDENCY
from residents.models import Residency

# More contradictions than this in one imported file: its id column was probably sorted alone.
SHIFTED_SHARE, SHIFTED_ROWS = 0.2, 10
CHUNK = 2000


class Papers(NamedTuple):
    """A resident's papers against the register's word."""

    residency: int
    job: int | None
    agree: bool


def _papers() -> Iterator[Papers]:
    """Yield everybody who lives somewhere and has a citizen's number, decrypted in chunks."""
    rows = Residency.objects.filter(end=None, person__id_kind__in=["", CITIZEN_ID]).exclude(
        person__id_fingerprint=None
    )
    facts = ("pk", "import_job_id", "person__id_number", "person__birth", "person__gender")
    for pk, job, number, birth, gender in rows.values_list(*facts).iterator(chunk_size=CHUNK):
        text, born = number.reveal(), birth.reveal().replace("-", "")
        if len(text) != 18:
            continue
        said = Gender.MALE if int(text[16]) % 2 else Gender.FEMALE
        fits_gender = gender not in (Gender.MALE, Gender.FEMALE) or gender == said
        yield Papers(pk, job, fits_gender and (not born or born == text[6:14]))


@check(
    "id_contradicts", title="出生日期或性别与身份证号不符", severity=Severity.WARN, of=RESIDENCY,
    ids=True, mend="对着证件核对，点“修改”改正；以证件为准。",
)  # fmt: skip
def contradicting_papers(asked: Asked) -> Iterator[int]:
    return (one.residency for one in _papers() if not one.agree)


@check(
    "id_shifted", title="导入的名单疑似错列", severity=Severity.WARN, of=RESIDENCY, ids=True,
    mend="这份名单的身份证列可能单独排过序，请找原表核对后重新导入。",
)  # fmt: skip
def shifted_columns(asked: Asked) -> Iterator[int]:
    """Contradicting rows of files where more than a fifth contradict (domain brief §6.4, 38)."""
    rows: Counter[int] = Counter()
    wrong: dict[int, list[int]] = defaultdict(list)
    for one in _papers():
        if one.job is not None:
            rows[one.job] += 1
            if not one.agree:
                wrong[one.job].append(one.residency)
    for job, residencies in wrong.items():
        if rows[job] >= SHIFTED_ROWS and len(residencies) > SHIFTED_SHARE * rows[job]:
            yield from residencies


@check(
    "same_person", title="同名同生日，其中有人没有证件号", severity=Severity.WARN, of=RESIDENCY,
    ids=True, mend="核对是否同一个人；是的，在多登记的那一户办理迁出，原因选登记错误。",
)  # fmt: skip
def probably_twice(asked: Asked) -> Iterator[int]:
    living = Residency.objects.filter(end=None).exclude(person__birth_year=None)
    groups = (
        living.order_by()
        .values("person__name", "person__birth_year")
        .annotate(
            people=Count("person", distinct=True),
            papers=Count("person__id_fingerprint", distinct=True),
        )
        .filter(people__gt=1, papers__lt=F("people"))
        .values_list("person__name", flat=True)
    )
    names = sorted(set(groups))
    facts = ("pk", "person", "person__name", "person__birth", "person__id_fingerprint")
    for start in range(0, len(names), CHUNK):
        some = living.filter(person__name__in=names[start : start + CHUNK])
        alike: dict[tuple[str, str], list[tuple[int, int, bool]]] = defaultdict(list)
        for pk, person, name, birth, papers in some.values_list(*facts):
            alike[name, birth.reveal()].append((pk, person, papers is None))
        for group in alike.values():
            if len({person for _, person, _ in group}) > 1:
                yield from (pk for pk, _, has_none in group if has_none)
