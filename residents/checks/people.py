"""Residents: relations and ages that cannot be, people twice, dead or without a home (§6.4)."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from grids.models import GridTeamMember
from orgs.models import Gender, OrgPost
from orgs.quality import Asked, Severity, check
from residents.checks.subjects import RESIDENCY, TAGGED
from residents.models import CareTag, LinkedHousehold, Residency

ADULT, OLDEST = 18, 120
HOMES_PER_PHONE = 3
APART = ("人户分离", "空挂")


def _living(asked: Asked) -> Any:
    return Residency.objects.current(asked.day).filter(household__closed_on=None)


def _has_head(**head: Any) -> Q:
    """The household of the row has another person as head, who is like this."""
    heads = Residency.objects.filter(end=None, household=OuterRef("household"), is_head=True)
    return Q(Exists(heads.exclude(pk=OuterRef("pk")).filter(**head)))


@check(
    "dead_living", title="已登记死亡却仍列为居住", severity=Severity.ERROR, of=RESIDENCY,
    mend="打开住户，为此人办理死亡登记；登错死亡的请系统管理员更正。",
)  # fmt: skip
def dead_but_living(asked: Asked) -> Any:
    return Residency.objects.filter(end=None, person__died_on__lte=asked.day)


@check(
    "minor_head", title="未成年人为户主", severity=Severity.WARN, of=RESIDENCY,
    mend="入户核实；有成年人同住的，在成年人那里点“设为户主”。",
)  # fmt: skip
def minor_heads(asked: Asked) -> Any:
    return _living(asked).heads().filter(person__birth_year__gt=asked.day.year - ADULT)


@check(
    "spouse_gender", title="户主与配偶性别相同", severity=Severity.WARN, of=RESIDENCY,
    mend="对着证件核对两人的性别和与户主关系。",
)  # fmt: skip
def spouse_of_same_gender(asked: Asked) -> Any:
    spouses = _living(asked).filter(
        relation="配偶", is_head=False, person__gender__in=[Gender.MALE, Gender.FEMALE]
    )
    return spouses.filter(_has_head(person__gender=OuterRef("person__gender")))


@check(
    "child_age", title="子女不比户主小，或父母不比户主大", severity=Severity.WARN, of=RESIDENCY,
    mend="对着证件核对两人的出生日期和与户主关系。",
)  # fmt: skip
def child_older_than_parent(asked: Asked) -> Any:
    year = "person__birth_year"
    # Conditions on one row, not ids of the whole town: a grid asks for its own homes only.
    children = Q(relation="子女") & _has_head(**{f"{year}__gte": OuterRef(year)})
    parents = Q(relation="父母") & _has_head(**{f"{year}__lte": OuterRef(year)})
    return _living(asked).filter(children | parents)


@check(
    "age", title=f"年龄超过 {OLDEST} 岁，或出生年在今年以后", severity=Severity.WARN, of=RESIDENCY,
    mend="对着证件核对出生日期；确已去世的办理死亡登记。",
)  # fmt: skip
def impossible_ages(asked: Asked) -> Any:
    year = asked.day.year
    odd = Q(person__birth_year__lt=year - OLDEST) | Q(person__birth_year__gt=year)
    return _living(asked).filter(odd)


@check(
    "two_homes", title="同一人登记在两户", severity=Severity.WARN, of=RESIDENCY,
    mend="在已不住的那一户办理迁出；两处都要保留的，登记人户分离。",
)  # fmt: skip
def living_twice(asked: Asked) -> Any:
    rows = _living(asked).exclude(status__in=APART)
    others = rows.filter(person=OuterRef("person")).exclude(pk=OuterRef("pk"))
    return rows.filter(Exists(others))


@check(
    "phone_shared", title=f"同一电话登记在 {HOMES_PER_PHONE} 户以上", severity=Severity.WARN,
    of=RESIDENCY, mend="逐个核对电话；代填的中介或物业电话请改为本人电话。", ids=True,
)  # fmt: skip
def shared_phones(asked: Asked) -> Any:
    living = _living(asked).exclude(person__phone_fingerprint="")
    numbers = (
        living.order_by()
        .values("person__phone_fingerprint")
        .annotate(homes=Count("household", distinct=True))
        .filter(homes__gt=HOMES_PER_PHONE)
        .values("person__phone_fingerprint")
    )
    shared = living.filter(person__phone_fingerprint__in=numbers)
    return shared.values_list("pk", flat=True)


@check(
    "no_id", title="没有证件号码的居民", severity=Severity.INFO, of=RESIDENCY,
    mend="入户时补登证件号码；婴儿可登记出生医学证明。",
)  # fmt: skip
def without_papers(asked: Asked) -> Any:
    return _living(asked).filter(person__id_fingerprint=None)


def _last_homes(asked: Asked) -> Any:
    """The last residency of people who live nowhere any more."""
    still = Residency.objects.filter(person=OuterRef("person"), end=None)
    later = Residency.objects.filter(person=OuterRef("person"), pk__gt=OuterRef("pk"))
    return Residency.objects.exclude(end=None).filter(~Exists(still), ~Exists(later))


@check(
    "no_home", title="没有住户的居民", severity=Severity.WARN, of=RESIDENCY,
    mend="问清此人现在住哪里，登记到那一户；已搬走的在原住户补办迁出。",
)  # fmt: skip
def homeless(asked: Asked) -> Any:
    """Neither moved out nor died, and yet in no household (a corrected or merged one)."""
    gone = [Residency.EndReason.MOVED_OUT, Residency.EndReason.DIED]
    return _last_homes(asked).filter(person__died_on=None).exclude(end_reason__in=gone)


@check(
    "gone_posts", title="已迁出或死亡的人还担任职务或楼道长", severity=Severity.WARN, of=RESIDENCY,
    mend="打开此人的页面，按“待交接”逐项办理离任、离岗，再安排接替的人。",
)  # fmt: skip
def gone_with_posts(asked: Asked) -> Any:
    person, day = OuterRef("person"), asked.day
    posts = OrgPost.objects.filter(person=person).exclude(end__lt=day)
    links = LinkedHousehold.objects.current(day).filter(head=person)
    serving = GridTeamMember.objects.serving_on(day).filter(person=person)
    dead = Q(person__died_on__isnull=False) & (Exists(posts) | Exists(serving))
    return _last_homes(asked).filter(Exists(links) | dead)


@check(
    "gone_tags", title="已迁出或死亡的人还在重点人群", severity=Severity.WARN, of=TAGGED,
    mend="打开此人的页面，把重点人群登记移出；迁到别的社区的，请转告那里。",
)  # fmt: skip
def gone_with_tags(asked: Asked) -> Any:
    tags = CareTag.objects.filter(person=OuterRef("person"), end=None)
    return _last_homes(asked).filter(Exists(tags))
