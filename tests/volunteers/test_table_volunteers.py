"""Volunteers by Excel or pasted."""

from typing import Any

import pytest

from orgs.tables.files import export
from tests.orgs.tables import again, outcomes, problems, put
from tests.town import Town
from tests.volunteers.help import helper
from volunteers.models import TeamMember, Volunteer
from volunteers.services.teams import create_team
from volunteers.table import VolunteerTable

HEAD = [column.label for column in VolunteerTable.columns]


def row(name: str, **more: Any) -> list[Any]:
    values = {"姓名": name, "特长": "水电维修，陪伴聊天", "方便时间": "周末上午", **more}
    return [values.get(label, "") for label in HEAD]


def test_many_are_registered_in_one_go_and_again_changes_nothing(town: Town) -> None:
    leader = helper(town, "队长")
    create_team(community=town.community, name="爱心队", kind="charity", by=None, leader=leader)
    who = town.users["community_staff"]
    rows = [row(f"志愿者{n}", 联系电话=f"1690000{n:04d}", 服务队="爱心队") for n in range(20)]
    first = put(VolunteerTable(), who, HEAD, *rows)
    assert first.counts["create"] == 20
    one = Volunteer.objects.get(person__name="志愿者3")
    assert (one.skills, one.times, one.max_distance) == (
        ["repair", "company"],
        ["weekend_am"],
        3000,
    )
    assert TeamMember.objects.filter(team__name="爱心队", end=None).count() == 21
    assert put(VolunteerTable(), who, HEAD, *rows).counts["unchanged"] == 20
    assert again(VolunteerTable(), who)["unchanged"] == 21
    moved = row("志愿者3", 联系电话="16900000003", 状态="暂停", **{"离家最远（米）": "1000米"})
    assert outcomes(put(VolunteerTable(), who, HEAD, moved)) == ["update"]
    one.refresh_from_db()
    assert (one.status, one.max_distance) == ("paused", 1000)


@pytest.mark.parametrize(
    ("label", "value", "cell", "sentence"),
    [
        ("社区", "东湖社区党委", "D2", "没有找到"), ("网格", "349901002001001", "E2", "管理范围"),
        ("特长", "打球", "F2", "没有“打球”"), ("方便时间", "随时", "H2", "没有“随时”"),
        ("离家最远（米）", "很近", "I2", "米数"), ("所在单位", "没有的厂", "J2", "请先登记单位"),
        ("服务队", "没有的队", "K2", "请先建立服务队"), ("状态", "待审核", "L2", "可以填"),
        ("联系电话", "169****0001", "C2", "打了星号"), ("监护人电话", "12", "N2", "。"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_at_its_cell(
    town: Town, label: str, value: str, cell: str, sentence: str
) -> None:
    values = row("郑帮手")
    values[HEAD.index(label)] = value
    result = put(VolunteerTable(), town.users["community_staff"], HEAD, values)
    assert outcomes(result) == ["error"]
    assert problems(result)[0].startswith(f"表!{cell} "), problems(result)
    assert sentence in problems(result)[0]
    assert not Volunteer.objects.exists()


def test_it_stays_in_ones_own_community_and_shows_no_numbers(town: Town, enter: Any) -> None:
    helper(town, "郑帮手", guardian_name="王妈妈", guardian_phone="16900001111")
    content, _ = export(VolunteerTable(), town.users["community_staff"])
    assert b"16900001111" not in content
    sun = put(VolunteerTable(), town.users["other_community_staff"], HEAD, row("郑帮手"))
    assert outcomes(sun) == ["create"], "somebody of the same name, in Sun's own community"
    assert Volunteer.objects.filter(community=town.other_community).count() == 1
    assert "批量导入" in enter("community_staff").get("/volunteers/people/").content.decode()
    assert enter("community_staff").get("/orgs/tables/volunteers/").status_code == 200
    assert enter("volunteer").get("/orgs/tables/volunteers/").status_code in (403, 404)
