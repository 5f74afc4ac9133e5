"""党员 by Excel: our own list, and the customary 19-column form as it comes (.xls).

Found by 编号, by identity number, or by name, birth date and organisation; who lives here already
as a resident becomes a member, not a second person.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from gridparty.lib.masking import mask_birth_date, mask_id, mask_name, mask_phone
from gridparty.lib.text import squash
from orgs import services
from orgs.fields import Sealed
from orgs.keys import fingerprint
from orgs.models import Gender, OrgUnit, PartyMember, Person
from orgs.roles import EDIT, Noun
from orgs.services.people import identify_person, new_person
from orgs.tables.base import ID, NUMBER, Column, Outcome, Row, Table
from orgs.tables.cells import (
    CellError,
    is_masked,
    read_choice,
    read_citizen_id,
    read_date,
    read_phone,
    read_yes_no,
)
from orgs.tables.lookups import find_org, path_of, record_of

KINDS = [*PartyMember.Kind.choices, ("full", "正式"), ("probationary", "预备"), ("full", "正常")]
FLAGS = ("residing", "registered", "working")
OPEN_FACTS = ("gender", "ethnicity", "education", "workplace")


def mask_birth(text: str) -> str:
    try:
        return mask_birth_date(read_date(text))
    except CellError:
        return "****"


class MemberTable(Table):
    kind, title, noun, letters = "members", "党员", Noun.ORG, EDIT
    columns = (
        NUMBER,
        Column("name", "姓名", required=True, width=10, mask=mask_name, example="张示范"),
        Column("org_unit", "所属党支部", ("所在党组织", "党组织", "所属党组织"), width=36,
               help="名称，或从上到下用 / 隔开的路径。", example="示范社区党委/示范第一网格党支部"),
        Column("placed", "编入党支部", ("编入支部",), width=24, ignored=True),
        Column("gender", "性别", width=6, choices=("男", "女"), example="男"),
        Column("birth", "出生日期", ("出生年月",), width=12, mask=mask_birth, example="1980-01-01"),
        Column("id_number", "身份证号码", ("身份证号", "公民身份号码"), width=20, mask=mask_id,
               help="18 位，列要设成文本。"),
        Column("phone", "联系电话", ("手机号", "手机号码"), width=14, mask=mask_phone),
        Column("ethnicity", "民族", width=8, example="汉族"),
        Column("education", "学历", ("文化程度",), width=10, example="本科"),
        Column("workplace", "工作/学习单位", ("工作单位",), width=24),
        Column("kind", "党籍状态", ("类别", "人员类别"), width=10, choices=tuple(PartyMember.Kind.labels),
               example="正式党员"),
        Column("joined_on", "入党时间", ("入党日期",), width=12, example="2005-07-01"),
        Column("residing", "在地", width=6, choices=("是", "否"), help="住在本地。", example="是"),
        Column("registered", "在册", width=6, choices=("是", "否"), help="组织关系在本地。", example="是"),
        Column("working", "在岗", width=6, choices=("是", "否"), help="在本地工作。", example="否"),
        *(
            Column(f"other{number}", label, ignored=True)
            for number, label in enumerate(
                ("户籍所在派出所", "现居住地", "籍贯", "原服役部队", "退役时间", "是否自主择业", "组织关系落实时间")
            )
        ),
    )  # fmt: skip
    notes = (
        "党员登记表（19 列）可以直接导入：有“编入党支部”的以它为准。户籍派出所、籍贯、服役等列不存入平台。",
        "先按编号找，再按身份证号码，最后按姓名、出生日期和党支部；同名分不清的会要您补填号码。",
    )

    def key(self, row: Row) -> str:
        if row[ID]:
            return row[ID]
        who = row["id_number"] if not is_masked(row["id_number"]) else ""
        return who or f"{row['name']}/{row['birth']}/{row['placed'] or row['org_unit']}"

    def rows(self, user: Any) -> Iterator[Sequence[str]]:
        names: dict[int, str] = {}
        members = _members(user).filter(left_on=None).order_by("org_unit__lft", "pk")
        for member in members.select_related("org_unit__parent__parent__parent"):
            person, org = member.person, member.org_unit
            yield [
                str(member.pk), person.name, path_of(org, names) if org else "",
                person.get_gender_display() if person.gender in "12" else "",
                mask_birth_date(person.birth_date), person.masked_id_number, person.masked_phone,
                person.ethnicity, person.education, person.workplace, member.get_kind_display(),
                f"{member.joined_on:%Y-%m-%d}" if member.joined_on else "",
                *("是" if getattr(member, flag) else "否" for flag in FLAGS),
            ]  # fmt: skip

    def write(self, row: Row, user: Any) -> Outcome:
        number, birth, gender = self._identity(row)
        org = self._org(row, user)
        member = self._member(row, user, org, number, birth)
        if member is None and org is None:
            raise ValidationError({"org_unit": "请填写所属党支部。"})
        if member is None:
            person = self._person(row, number)
            self._describe(person, row, number, birth, gender)
            services.register_member(
                person=person, org_unit=org, by=user, **self._membership(row, None)
            )
            return Outcome.CREATE
        changed = self._describe(member.person, row, number, birth, gender)
        facts = self._membership(row, member) | {"org_unit": org or member.org_unit}
        if any(getattr(member, name) != value for name, value in facts.items()):
            services.revise_member(member=member, by=user, left_on=member.left_on, **facts)
            changed = True
        return Outcome.UPDATE if changed else Outcome.UNCHANGED

    def _identity(self, row: Row) -> tuple[str, date | None, str]:
        """Return number, birth date and gender; a starred cell stands for what is registered."""
        today = timezone.localdate()
        for name in ("id_number", "phone", "birth"):
            if is_masked(row[name]):
                if not row.has(ID):
                    raise ValidationError({name: "这一格打了星号，请填完整，或保留编号列。"})
                row.values[name] = ""
        number, born, gender = row.read(
            "id_number", lambda text: read_citizen_id(text, today), ("", None, "")
        )
        birth = row.read("birth", read_date)
        if born is not None and birth is not None and born != birth:
            raise ValidationError({"birth": "与身份证号码里的出生日期不同，请核对。"})
        if (birth or born or today) > today:
            raise ValidationError({"birth": "出生日期晚于今天，请核对。"})
        return number, birth or born, gender

    def _org(self, row: Row, user: Any) -> OrgUnit | None:
        name = "placed" if row.has("placed") else "org_unit"
        return find_org(row[name], user, EDIT, name) if row.has(name) else None

    def _member(
        self, row: Row, user: Any, org: OrgUnit | None, number: str, birth: date | None
    ) -> PartyMember | None:
        if row.has(ID):
            member: PartyMember = record_of(_members(user), row[ID])
            if number and member.person.id_fingerprint not in (None, fingerprint(number)):
                raise ValidationError({"id_number": "与已登记的证件号码不同，请核对。"})
            return member
        if number:
            rows = PartyMember.objects.select_related("person", "org_unit")
            known = rows.filter(person__id_fingerprint=fingerprint(number)).first()
            if known is not None:
                _require_name(known.person, row["name"])
                return known
        same = _members(user).filter(org_unit=org, person__name=row["name"], left_on=None)
        found = [one for one in same if _could_be(one.person, number, birth)]
        if len(found) > 1:
            raise ValidationError({"name": "这个支部有几位同名党员，请填写身份证号码或编号。"})
        return found[0] if found else None

    def _person(self, row: Row, number: str) -> Person:
        known = (
            Person.objects.filter(id_fingerprint=fingerprint(number)).first() if number else None
        )
        if known is None:
            return new_person(row["name"])
        _require_name(known, row["name"])
        return known

    def _describe(
        self, person: Person, row: Row, number: str, birth: date | None, gender: str
    ) -> bool:
        phone = row.read("phone", read_phone, "")
        changed = identify_person(person=person, id_number=number, phone=phone, birth=birth)
        written = row.read(
            "gender", lambda text: read_choice(text, Gender.choices, what="性别"), gender
        )
        if written and gender and written != gender:
            raise ValidationError({"gender": "与身份证号码里的性别不同，请核对。"})
        facts = {name: row.text(name, getattr(person, name)) for name in OPEN_FACTS[1:]}
        facts |= {"gender": written or person.gender, "name": row["name"]}
        for name, value in facts.items():
            column: Any = Person._meta.get_field(name)
            longest = column.max_length
            if len(value) > longest:
                raise ValidationError({name: f"最多 {longest} 个字，请缩短。"})
            changed = changed or getattr(person, name) != value
            setattr(person, name, value)
        if changed:
            services.revise_person(person=person)
            person.save()
        return changed

    def _membership(self, row: Row, member: PartyMember | None) -> dict[str, Any]:
        kind = row.read(
            "kind", lambda text: read_choice(text, KINDS, what="党籍状态"),
            member.kind if member else PartyMember.Kind.FULL.value,
        )  # fmt: skip
        facts: dict[str, Any] = {
            "kind": kind, "joined_on": row.read("joined_on", read_date, member.joined_on if member else None),
        }  # fmt: skip
        for flag in FLAGS:
            kept = getattr(member, flag) if member else flag == "registered"
            facts[flag] = row.read(flag, lambda text: read_yes_no(text, default=False), kept)
        return facts


def _members(user: Any) -> Any:
    """Return the memberships in organisations the user may change."""
    reach = OrgUnit.objects.visible_to(user, EDIT).values("pk")
    return PartyMember.objects.filter(org_unit__in=reach).select_related("person", "org_unit")


def _require_name(person: Person, name: str) -> None:
    if squash(person.name) != squash(name):
        raise ValidationError({"id_number": "这个证件号码已用另一个姓名登记，请核对。"})


def _could_be(person: Person, number: str, birth: date | None) -> bool:
    """Whether nothing known tells the two apart: another number or another birth date does."""
    sealed: Sealed = person.id_number
    if number and sealed and person.id_fingerprint != fingerprint(number):
        return False
    known = person.birth_date
    return birth is None or known is None or known == birth
