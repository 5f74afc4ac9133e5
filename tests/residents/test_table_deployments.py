"""Deployments by Excel or pasted."""

from typing import Any

import pytest

from orgs.models import ImportJob
from orgs.tasks import run_import_jobs
from residents.campaigns.table import DeploymentTable
from residents.models import Deployment
from tests.orgs.tables import again, outcomes, problems, put
from tests.residents.rounds import opened
from tests.town import Town

HEAD = ["编号", "姓名", "联系电话", "派出单位", "派出党组织", "下沉网格", "任务", "开始日期", "结束日期", "专项排查", "备注"]  # fmt: skip


def row(town: Town, name: str, **more: Any) -> list[Any]:
    values = {
        "姓名": name, "派出单位": town.department.name, "下沉网格": town.grid.code, "任务": "人员摸排",
        "开始日期": "2026-11-01", **more,
    }  # fmt: skip
    return [values.get(label, "") for label in HEAD]


def test_many_are_sent_in_one_go(town: Town) -> None:
    campaign = opened(town.community)
    rows = [row(town, f"干部{number}", 联系电话=f"1690000{number:04d}") for number in range(30)]
    last = row(
        town,
        "书记甲",
        派出单位="",
        派出党组织="红星街道党工委",
        任务="政策宣传，帮扶解困",
        专项排查=campaign.name,
    )
    who = town.users["community_staff"]
    preview = put(DeploymentTable(), who, HEAD, *rows, last, dry_run=True)
    assert preview.counts["error"] == 1  # the street's organisation is beyond the community
    allowed = put(DeploymentTable(), town.users["street_admin"], HEAD, *rows, last)
    assert allowed.counts["create"] == 31
    assert Deployment.objects.get(person__name="书记甲").campaign == campaign
    assert outcomes(put(DeploymentTable(), who, HEAD, rows[0])) == ["unchanged"]
    ended = row(town, "干部1", 联系电话="16900000001", 结束日期="2026-11-20")
    assert outcomes(put(DeploymentTable(), who, HEAD, ended)) == ["update"]


@pytest.mark.parametrize(
    ("label", "value", "cell", "sentence"),
    [
        ("下沉网格", "349901002001001", "F2", "管理范围"),
        ("任务", "打球", "G2", "没有这种任务"),
        ("任务", "", "G2", "请填写任务"),
        ("派出单位", "没有的局", "D2", "请先登记单位"),
        ("派出单位", "", "A2", "只填一个"),
        ("派出党组织", "幸福社区党委", "A2", "只填一个"),
        ("结束日期", "2025-01-01", "I2", "不能早于"),
        ("专项排查", "没有的排查", "J2", "没有找到"),
        ("联系电话", "169****0001", "C2", "打了星号"),
    ],
)
def test_a_bad_row_is_named_at_its_cell(
    town: Town, label: str, value: str, cell: str, sentence: str
) -> None:
    values = row(town, "干部甲")
    values[HEAD.index(label)] = value
    result = put(DeploymentTable(), town.users["community_staff"], HEAD, values)
    assert outcomes(result) == ["error"]
    assert problems(result)[0].startswith(f"表!{cell} ")
    assert sentence in problems(result)[0]
    assert not Deployment.objects.exists()


def test_an_export_comes_back_unchanged(town: Town) -> None:
    who = town.users["community_staff"]
    put(
        DeploymentTable(),
        who,
        HEAD,
        row(town, "干部甲", 联系电话="16900000061"),
        row(town, "干部乙"),
    )
    assert again(DeploymentTable(), who)["unchanged"] == 2


def test_a_list_is_pasted_in_the_browser(town: Town, enter: Any) -> None:
    client = enter("community_staff")
    pasted = f"干部甲\t16900000061\t{town.department.name}\t\t{town.grid.code}\t消毒执勤"
    assert client.post("/orgs/tables/deployments/", {"pasted": pasted}).status_code == 302
    run_import_jobs()
    job = ImportJob.objects.get()
    assert job.counts["create"] == 1, job.issues
    client.post(f"/orgs/tables/jobs/{job.pk}/confirm/")
    run_import_jobs()
    assert Deployment.objects.get().task_labels == "消毒执勤"
