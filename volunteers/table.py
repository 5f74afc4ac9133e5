"""志愿者 by Excel or pasted: who can do what, when and how far from home, with their team."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices

from gridparty.lib.masking import mask_name, mask_phone
from gridparty.lib.text import squash
from grids.tables.lookups import find_grid
from orgs.models import OrgUnit, Person
from orgs.roles import EDIT, Noun
from orgs.tables.base import ID, NUMBER, Column, Outcome, Row, Table
from orgs.tables.cells import CellError, is_masked, read_choice, read_phone
from orgs.tables.lookups import UNKNOWN, find_unit, record_of
from volunteers.catalog import ActivityKind, Skill, Times, words
from volunteers.models import Team, TeamMember, Volunteer
from volunteers.services.teams import (
    edit_volunteer,
    join_team,
    register_volunteer,
    set_volunteer_status,
)
from volunteers.sides import staff_communities

STATUSES = [choice for choice in Volunteer.Status.choices if choice[0] != "applied"]


def read_codes(of: type[TextChoices]) -> Callable[[str], list[str]]:
    """Return a reader of 水电维修、陪伴聊天 … that gives the codes."""
    labels = {squash(str(label)): str(value) for value, label in of.choices}

    def read(text: str) -> list[str]:
        for comma in "，,；;/ ":
            text = text.replace(comma, "、")
        found = [squash(word) for word in text.split("、") if squash(word)]
        unknown = [word for word in found if word not in labels]
        if unknown:
            raise CellError(
                f"没有“{unknown[0]}”，可以填：{'、'.join(str(one) for one in of.labels)}，几项用顿号隔开。"
            )
        return [labels[word] for word in found]

    return read


def read_reach(text: str) -> int:
    word = squash(text).removesuffix("米").removesuffix("m")
    if not (word.isascii() and word.isdigit() and 100 <= int(word) <= 100_000):
        raise CellError("请填 100 到 100000 之间的米数，例如 3000。")
    return int(word)


class VolunteerTable(Table):
    kind, title, noun, letters = "volunteers", "志愿者", Noun.VOLUNTEER, EDIT
    columns = (
        NUMBER,
        Column("name", "姓名", required=True, width=10, mask=mask_name, example="张示范"),
        Column("phone", "联系电话", ("手机号", "手机号码", "电话"), width=14, mask=mask_phone,
               help="有同名的人时必填。"),
        Column("community", "社区", ("所在社区", "所属社区"), width=22,
               help="只管一个社区的可以不填。", example="示范社区党委"),
        Column("grid", "网格", ("网格编码", "所在网格"), width=18, help="15 位编码，或唯一的名称。"),
        Column("skills", "特长", ("技能", "专长"), width=26,
               help=f"可以填：{'、'.join(str(one) for one in Skill.labels)}。", example="水电维修、陪伴聊天"),
        Column("likes", "愿意参加", ("服务意向", "兴趣"), width=26,
               help=f"可以填：{'、'.join(str(one) for one in ActivityKind.labels)}。", example="敬老助残"),
        Column("times", "方便时间", ("服务时间",), width=26,
               help=f"可以填：{'、'.join(str(one) for one in Times.labels)}。", example="周末上午"),
        Column("reach", "离家最远（米）", ("离家最远",), width=12, help="不填按 3000 米。", example="3000"),
        Column("unit", "所在单位", ("工作单位",), width=24, help="已登记的单位。"),
        Column("team", "服务队", ("所属队伍", "队伍"), width=22, help="已建立的服务队，登记后编入。"),
        Column("status", "状态", width=8, choices=tuple(str(label) for _v, label in STATUSES),
               help="不填就是在册。"),
        Column("guardian_name", "监护人", width=10, mask=mask_name, help="未成年人必填。"),
        Column("guardian_phone", "监护人电话", width=14, mask=mask_phone),
    )  # fmt: skip
    notes = (
        "先按编号找，再按姓名和电话；同一个人只有一行。",
        "空格表示不改；要清空请填【清空】。积分和时长不能用表格改。",
    )

    def key(self, row: Row) -> str:
        return row[ID] or "/".join(row[name] for name in ("name", "phone", "community"))

    def rows(self, user: Any) -> Iterator[Sequence[str]]:
        mine = _mine(user).exclude(status__in=("left", "applied")).order_by("community", "pk")
        teams: dict[int, str] = {}
        now = TeamMember.objects.filter(end=None, volunteer__in=mine.values("pk"))
        for volunteer, name in now.order_by("-start", "-pk").values_list("volunteer", "team__name"):
            teams.setdefault(volunteer, name)
        for one in mine.select_related("person", "community", "grid", "unit"):
            guardian = str(one.guardian_phone.reveal() if one.guardian_phone else "")
            yield [
                str(one.pk), one.person.name, one.person.masked_phone, one.community.name,
                one.grid.code if one.grid else "", words(one.skills, Skill),
                words(one.interests, ActivityKind), words(one.times, Times),
                str(one.max_distance), one.unit.name if one.unit else "",
                teams.get(one.pk, ""), one.get_status_display(), one.guardian_name,
                mask_phone(guardian) if guardian else "",
            ]  # fmt: skip

    def write(self, row: Row, user: Any) -> Outcome:
        for name in ("phone", "guardian_phone"):
            if is_masked(row[name]):
                if not row.has(ID):
                    raise ValidationError({name: "这一格打了星号，请填完整，或保留编号列。"})
                row.values[name] = ""
        phone = row.read("phone", read_phone, "")
        known = self._known(row, user, phone)
        community = self._community(row, user, known)
        facts = self._facts(row, user, known)
        if known is None:
            made = register_volunteer(
                community=community, name=row["name"], phone=phone, by=user, **facts
            )
            self._join(row, made, user)
            self._state(row, made, user)
            return Outcome.CREATE
        if known.community_id != community.pk:
            raise ValidationError({"community": "已登记在别的社区，请先在那边办理退出。"})
        if known.person.name != row["name"]:
            raise ValidationError({"name": "编号和姓名对不上，请核对。"})
        changed = self._edit(known, facts, user)
        joined = self._join(row, known, user)
        moved = self._state(row, known, user)
        return Outcome.UPDATE if changed or joined or moved else Outcome.UNCHANGED

    def _known(self, row: Row, user: Any, phone: str) -> Volunteer | None:
        if row.has(ID):
            found: Volunteer = record_of(_mine(user), row[ID])
            return found
        same = [
            one for one in _mine(user).filter(person__name=row["name"]).select_related("person")
            if not phone or _has_phone(one.person, phone)
        ]  # fmt: skip
        if len(same) > 1:
            raise ValidationError({"phone": "有几位同名的志愿者，请填写联系电话或编号。"})
        return same[0] if same else None

    def _community(self, row: Row, user: Any, known: Volunteer | None) -> OrgUnit:
        mine = staff_communities(user)
        if row.has("community"):
            found = list(mine.filter(name=row["community"])[:2])
            if len(found) != 1:
                raise ValidationError({"community": UNKNOWN if not found else "有两个同名社区。"})
            return found[0]  # type: ignore[no-any-return]
        if known is not None:
            return known.community
        rows = list(mine[:2])
        if len(rows) != 1:
            raise ValidationError({"community": "请填写社区。"})
        return rows[0]  # type: ignore[no-any-return]

    def _facts(self, row: Row, user: Any, known: Volunteer | None) -> dict[str, Any]:
        def kept(name: str, blank: Any) -> Any:
            return getattr(known, name) if known else blank

        facts: dict[str, Any] = {
            "skills": row.read("skills", read_codes(Skill), kept("skills", [])) or [],
            "interests": row.read("likes", read_codes(ActivityKind), kept("interests", [])) or [],
            "times": row.read("times", read_codes(Times), kept("times", [])) or [],
            "max_distance": row.read("reach", read_reach, kept("max_distance", 3000)),
            "building": kept("building", None),
            "guardian_name": row.text("guardian_name", kept("guardian_name", "")),
        }
        if row.has("grid"):
            facts["grid"] = find_grid(row["grid"], user, Noun.VOLUNTEER, EDIT)
        if row.has("unit"):
            facts["unit"] = find_unit(row["unit"], user, "unit")
        if row.has("guardian_phone"):
            facts["guardian_phone"] = row.read("guardian_phone", read_phone, "")
        return facts

    def _edit(self, known: Volunteer, facts: dict[str, Any], user: Any) -> bool:
        now = {name: getattr(known, name) for name in facts if name != "guardian_phone"}
        same = all(_order(now[name]) == _order(facts[name]) for name in now)
        phone = facts.get("guardian_phone")
        if same and (not phone or known.guardian_phone.reveal() == phone):
            return False
        edit_volunteer(volunteer=known, by=user, **facts)
        return True

    def _join(self, row: Row, volunteer: Volunteer, user: Any) -> bool:
        if not row.has("team"):
            return False
        teams = Team.objects.filter(community=volunteer.community_id, name=row["team"]).active()
        team = teams.first()
        if team is None:
            raise ValidationError({"team": f"服务队{UNKNOWN}请先建立服务队。"})
        if TeamMember.objects.filter(team=team, volunteer=volunteer, end=None).exists():
            return False
        join_team(team=team, volunteer=volunteer, by=user)
        return True

    def _state(self, row: Row, volunteer: Volunteer, user: Any) -> bool:
        status = row.read(
            "status", lambda text: read_choice(text, STATUSES, what="状态"), volunteer.status
        )
        if not status or status == volunteer.status:
            return False
        set_volunteer_status(volunteer=volunteer, status=status, by=user)
        return True


def _mine(user: Any) -> Any:
    return Volunteer.objects.filter(community__in=staff_communities(user).values("pk"))


def _has_phone(person: Person, phone: str) -> bool:
    known = person.phone.reveal() if person.phone else ""
    return not known or bool(set(phone.split(";")) & set(known.split(";")))


def _order(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value
