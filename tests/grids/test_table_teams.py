"""Grid teams by Excel: come, go, stay; the rules of the team's services hold."""

from typing import Any

import pytest

from grids.models import GridTeamMember, TeamSlot
from grids.tables.teams import TeamTable
from tests.orgs.tables import again, outcomes, problems, put
from tests.town import Town

HEAD = [
    "编号",
    "网格",
    "岗位",
    "姓名",
    "联系电话",
    "派出单位",
    "来源",
    "职责",
    "到岗日期",
    "离岗日期",
]


def row(town: Town, name: str, **more: Any) -> list[Any]:
    values = {"网格": town.grid.code, "岗位": "专职网格员", "姓名": name, **more}
    return [values.get(label, "") for label in HEAD]


def test_somebody_comes_changes_and_goes(town: Town) -> None:
    who = town.users["community_staff"]
    came = row(town, "卞新来", 联系电话="16900000051", 到岗日期="2026-01-05", 职责="巡查")
    assert outcomes(put(TeamTable(), who, HEAD, came)) == ["create"]
    assert outcomes(put(TeamTable(), who, HEAD, came)) == ["unchanged"]
    member = GridTeamMember.objects.get(person__name="卞新来")
    assert (member.duties, member.start.isoformat()) == ("巡查", "2026-01-05")
    gone = row(town, "卞新来", 职责="夜巡", 离岗日期="2026-06-30", 编号=member.pk)
    assert outcomes(put(TeamTable(), who, HEAD, gone)) == ["update"]
    member.refresh_from_db()
    assert (member.duties, str(member.end)) == ("夜巡", "2026-06-30")


@pytest.mark.parametrize(
    ("facts", "cell", "sentence"),
    [
        ({"网格": "349901002001001"}, "B2", "管理范围"),
        ({"网格": "没有的网格"}, "B2", "没有找到"),
        ({"岗位": "宇航员"}, "C2", "没有这个岗位"),
        ({"姓名": ""}, "D2", "请填写姓名"),
        ({"联系电话": "12"}, "E2", ""),
        ({"派出单位": "没有的单位"}, "F2", "请先登记单位"),
        ({"来源": "天上"}, "G2", "没有这种来源"),
        ({"到岗日期": "年初"}, "I2", "日期看不懂"),
        ({"编号": "999999"}, "A2", "编号没有找到"),
        ({"岗位": "网格长"}, "A2", "最多 1 人"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_at_its_cell(
    town: Town, facts: dict[str, Any], cell: str, sentence: str
) -> None:
    TeamSlot.objects.filter(name="网格长").update(maximum=1)
    values = row(town, "卞新来")
    for label, value in facts.items():
        values[HEAD.index(label)] = value
    result = put(TeamTable(), town.users["community_staff"], HEAD, values, row(town, "卞好人"))
    assert outcomes(result) == ["error", "create"]
    assert problems(result)[0].startswith(f"表!{cell} ")
    assert sentence in problems(result)[0]


def test_a_post_held_is_not_given_twice(town: Town) -> None:
    who = town.users["community_staff"]
    twice = put(
        TeamTable(), who, HEAD, row(town, "卞新来"), row(town, "卞新来", 到岗日期="2026-02-01")
    )
    assert outcomes(twice) == ["create", "error"]
    assert "与第 2 行重复" in problems(twice)[0]


def test_an_export_comes_back_unchanged(town: Town) -> None:
    for who in ("community_staff", "street_admin"):
        counts = again(TeamTable(), town.users[who])
        assert counts["rows"] == counts["unchanged"] == 6, who
    assert again(TeamTable(), town.users["other_street_admin"])["rows"] == 1
