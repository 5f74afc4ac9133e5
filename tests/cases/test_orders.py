"""外部工单: the transfer sheet comes in, finds its grid, comes again, and goes back answered."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest

from cases.models import Case, Category, CategoryCode, ExchangeLog, ExternalOrder, ExternalSystem
from cases.order_table import HotlineTable
from cases.services import MoveRefused
from cases.services.exchange import map_category, map_column
from cases.services.orders import place_order
from gridparty.lib.china_time import local
from orgs.tables.engine import run
from orgs.tables.files import export, template
from orgs.tables.reading import read_tables
from tests.cases.cast import Story
from tests.orgs.tables import again, book, outcomes, problems, put, upload
from tests.town import Town

HEAD = [
    "工单号",
    "来电时间",
    "诉求人",
    "联系方式",
    "问题描述",
    "事发地址",
    "工单分类",
    "办结时限",
    "备注",
]
LAMP = [
    "GD001", "2026-06-03 09:20", "张某", "16900000001", "楼道灯不亮，晚上看不见路。",
    "红星街道阳光花园1栋2单元", "市政-路灯", "2026-06-10 18:00", "请尽快",
]  # fmt: skip


def row(number: str, **changes: Any) -> list[Any]:
    names = ["id", "at", "name", "phone", "text", "place", "word", "due", "note"]
    values = dict(zip(names, LAMP, strict=True)) | {"id": number} | changes
    return [values[name] for name in names]


def send(town: Town, *rows: list[Any], who: str = "dispatcher", head: list[str] = HEAD) -> Any:
    return put(HotlineTable(), town.users[who], head, *rows)


def test_a_row_becomes_a_case_in_the_grid_its_address_names(town: Town) -> None:
    assert outcomes(send(town, LAMP)) == ["create"]
    order = ExternalOrder.objects.get()
    case = order.case
    assert case is not None
    assert (case.grid, case.building, case.source) == (town.grid, town.building, "hotline")
    assert (case.reporter_name, case.reporter_phone.reveal()) == ("张某", "16900000001")
    assert order.due_at is not None
    assert f"{local(order.due_at):%m-%d %H:%M}" == "06-10 18:00"
    assert (order.caller_name, bool(order.caller_phone)) == ("", False), "the case alone knows"


def test_the_same_sheet_again_changes_nothing(town: Town) -> None:
    send(town, LAMP, row("GD002"))
    before = Case.objects.values_list("version", "updated_at")
    assert outcomes(send(town, LAMP, row("GD002"), who="street_admin")) == ["unchanged"] * 2
    assert list(Case.objects.values_list("version", "updated_at")) == list(before)


def test_its_own_export_again_changes_nothing(town: Town) -> None:
    send(town, LAMP, row("GD002", place="不知道哪里", text="井盖坏了\n有人绊倒"))
    counts = again(HotlineTable(), town.users["dispatcher"])
    assert (counts["unchanged"], counts["rows"]) == (2, 2)


def test_a_new_deadline_is_kept_and_written_into_the_history(town: Town) -> None:
    send(town, LAMP)
    result = send(town, row("GD001", due="2026-06-12 18:00"))
    assert outcomes(result) == ["update"]
    case = Case.objects.get()
    event = case.events.order_by("-id").first()
    assert event is not None
    assert (event.move, event.note) == (
        "relay", "12345热线重新转来：办理时限改为2026年06月12日 18:00。",
    )  # fmt: skip
    assert case.status == "reported"


def test_a_case_that_is_over_is_left_as_it_is(town: Town) -> None:
    send(town, LAMP)
    Story(town, Case.objects.get()).step(
        "reject", "grid_head", reason="out_of_scope", note="不归我们管"
    )
    result = send(town, row("GD001", note="再次催办"))
    assert "已结束" in result.lines[0].label
    assert Case.objects.get().status == "rejected"


@pytest.mark.parametrize(
    ("place", "problem"),
    [("", "没有写地点"), ("长江路 1 号", "没有认出本街道的小区"), ("阳光花园", "没有认出楼栋")],
)
def test_what_cannot_be_placed_waits_for_the_street(town: Town, place: str, problem: str) -> None:
    result = send(town, row("GD001", place=place))
    assert outcomes(result) == ["create"]
    order = ExternalOrder.objects.waiting().get()
    assert problem in order.problem and problem in result.lines[0].label
    assert order.caller_phone.reveal() == "16900000001"
    case = place_order(order=order, grid=town.sister_grid, by=town.users["dispatcher"])
    assert (case.grid, case.reporter_phone.reveal()) == (town.sister_grid, "16900000001")
    with pytest.raises(MoveRefused, match="已被定位"):
        place_order(order=order, grid=town.grid, by=town.users["street_admin"])


def test_the_only_grid_of_a_named_community_is_taken(town: Town) -> None:
    send(town, row("GD001", place="和平社区广场"))
    assert Case.objects.get().grid == town.far_grid


def test_a_limit_may_be_a_number_of_working_days(town: Town) -> None:
    send(town, row("GD001", due="5个工作日"))
    order = ExternalOrder.objects.get()
    assert order.due_at is not None
    assert f"{local(order.due_at):%m-%d}" == "06-10"


def test_each_fault_is_told_at_its_cell_and_the_other_rows_come_in(town: Town) -> None:
    result = send(
        town, row(""), row("GD2", text=""), row("GD3", due="很快"), row("GD4", at="昨天"),
        row("GD5", phone="abc"), row("GD6"), row("GD6"), row("GD7", text="长" * 2001),
        row("GD8", due="5个工作日", at=""),
    )  # fmt: skip
    assert outcomes(result).count("create") == 1
    found = problems(result)
    assert [one.split(" ")[0] for one in found] == [
        "表!A2", "表!E3", "表!H4", "表!B5", "表!D6", "表!A8", "表!E9", "表!H10",
    ]  # fmt: skip
    assert "5个工作日" in found[2] and "第 7 行" in found[5] and "没有来电时间" in found[7]


@pytest.mark.parametrize(
    "text", ["+1+1", "<script>alert(1)</script>", "\u202e反", "😀" * 50, "' OR 1=1"]
)
def test_naughty_strings_are_only_text(town: Town, text: str) -> None:
    send(town, row("GD001", text=text, note=text, word=text))
    assert text.strip("\u202e") in Case.objects.get().text
    content, _ = export(HotlineTable(), town.users["dispatcher"])
    assert run(
        HotlineTable(), read_tables(content), town.users["dispatcher"], dry_run=False
    ).counts["unchanged"] == 1  # fmt: skip


def test_a_masked_number_is_not_kept(town: Town) -> None:
    send(town, row("GD001", phone="169****0001"))
    assert not Case.objects.get().reporter_phone


def test_an_unknown_category_is_listed_not_lost(town: Town) -> None:
    send(town, LAMP)
    code = CategoryCode.objects.get()
    assert (code.word, code.category) == ("市政-路灯", None)
    assert Case.objects.get().category.slug == "other-other"
    lamp = Category.objects.get(slug="facilities-lamp")
    map_category(code=code, category=lamp, by=town.users["dispatcher"])
    send(town, row("GD002"))
    assert Case.objects.latest("pk").category == lamp


def test_a_header_once_explained_is_understood_the_next_time(town: Town) -> None:
    strange = ["件号", *HEAD[1:]]
    with pytest.raises(Exception, match="缺少列"):
        send(town, LAMP, head=strange)
    map_column(
        system=ExternalSystem.objects.get(code="hotline"), street=town.street, header="件 号",
        column="external_id", by=town.users["dispatcher"],
    )  # fmt: skip
    table = HotlineTable()
    table.meet(town.users["dispatcher"])
    assert outcomes(put(table, town.users["dispatcher"], strange, LAMP)) == ["create"]
    other = HotlineTable()
    other.meet(town.users["other_street_admin"])
    with pytest.raises(Exception, match="缺少列"):
        put(other, town.users["other_street_admin"], strange, LAMP)


@pytest.mark.parametrize(
    "who", ["grid_head", "community_staff", "dept_handler", "district_official", "sysadmin"]
)
def test_only_the_street_centre_takes_orders_in(town: Town, enter: Any, who: str) -> None:
    assert enter(who).get("/orgs/tables/hotline/").status_code == 403
    assert outcomes(send(town, LAMP, who=who)) == ["error"]
    assert not ExternalOrder.objects.exists()


def test_another_street_has_orders_of_its_own(town: Town) -> None:
    send(town, LAMP)
    result = send(town, row("GD001", place="东湖苑1栋"), who="other_street_admin")
    assert outcomes(result) == ["create"]
    seen = ExternalOrder.objects.visible_to(town.users["other_street_admin"])
    assert [order.street for order in seen] == [town.other_street]


def test_the_pages_upload_runs_in_the_background_and_is_logged(town: Town, enter: Any) -> None:
    client = enter("dispatcher")
    job = upload(client, "hotline", book(HEAD, LAMP, row("GD002", place="")))
    assert not ExternalOrder.objects.exists(), "a preview writes nothing"
    page = client.get(f"/orgs/tables/jobs/{job.pk}/").content.decode()
    assert "待定位" in page and "16900000001" not in page
    client.post(f"/orgs/tables/jobs/{job.pk}/confirm/")
    from orgs.tasks import run_import_jobs

    run_import_jobs()
    log = ExchangeLog.objects.get()
    assert (log.way, log.rows, log.counts["create"], log.by) == (
        "in", 2, 2, town.users["dispatcher"],
    )  # fmt: skip
    assert len(log.digest) == 64


def test_the_template_can_be_sent_back_as_it_is(town: Town) -> None:
    user = town.users["dispatcher"]
    result = run(HotlineTable(), read_tables(template(HotlineTable())), user, dry_run=False)
    assert outcomes(result) == ["example"]


def test_an_answered_order_says_the_result_in_the_same_layout(town: Town) -> None:
    send(town, LAMP)
    Story(town, Case.objects.get()).closed()
    content, count = export(HotlineTable(), town.users["dispatcher"])
    sheet = read_tables(content)[0].rows
    line = dict(zip(sheet[0], sheet[1], strict=True))
    assert count == 1
    assert (line["工单编号"], line["办理结果"], line["办理情况"]) == (
        "GD001",
        "已解决",
        "已更换灯管",
    )
    assert line["办结时间"] and line["联系电话"] == "169****0001"


def test_many_rows_do_not_ask_for_more_queries_each(
    town: Town, django_assert_max_num_queries: Any
) -> None:
    rows = [row(f"GD{number:03}") for number in range(10)]
    with django_assert_max_num_queries(10 * 32):  # a case each, with the notices of its report
        send(town, *rows)


def test_a_long_sheet_is_read_in_bounded_memory(town: Town) -> None:
    """Ten thousand rows that are known already: what is held is the sheet, not the cases."""
    send(town, LAMP)
    data = book(HEAD, *(row("GD001") for _ in range(10_000)))
    tracemalloc.start()
    result = run(HotlineTable(), read_tables(data, 20_000), town.users["dispatcher"], dry_run=True)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert result.counts["error"] == 9_999, "all but the first are repeats"
    assert peak < 80 * 1024 * 1024
