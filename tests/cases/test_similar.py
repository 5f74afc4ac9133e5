"""Similar open cases: what is found, why, who sees it, and what residents may know."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.merging import main_of
from cases.models import Case, Category
from cases.similar import Report, hints_for_resident, similar_cases
from tests.cases.cast import Story, reported
from tests.town import Town

LAMP = "楼道灯不亮，晚上看不见路。"


def category(slug: str) -> Category:
    return Category.objects.get(slug=slug)


def found(town: Town, text: str = LAMP, slug: str = "facilities-lamp", **more: Any) -> list[Any]:
    place = {"grid": town.grid, "building": town.building, **more}
    report = Report(text=text, category=category(slug), **place)
    return similar_cases(Case.objects.all(), report, now=timezone.now())


def ids(rows: list[Any]) -> list[int]:
    return [row.case.pk for row in rows]


def test_it_puts_the_same_building_before_the_same_grid(town: Town) -> None:
    near = reported(town, category="facilities-lamp", building=None, grid=town.grid)
    here = reported(town, category="facilities-lamp")
    rows = found(town)
    assert ids(rows) == [here.pk, near.pk]
    assert rows[0].reason.startswith("同一栋楼、同一类别、文字相近")
    assert rows[1].reason.startswith("同一网格")


def test_it_finds_neither_other_places_nor_other_problems_nor_ended_cases(town: Town) -> None:
    reported(town, category="facilities-lamp", building=town.sister_building)
    reported(town, category="sanitation-rubbish", text="垃圾桶满了没有人清运")
    Story(town, reported(town, category="facilities-lamp")).step(
        "reject", "grid_head", reason="duplicate", note="重复"
    )
    assert found(town) == []


def test_a_grids_older_case_is_out_unless_it_is_the_same_building(town: Town) -> None:
    long_ago = timezone.now() - timedelta(days=30)
    here = reported(town, category="facilities-lamp", now=long_ago)
    reported(town, category="facilities-lamp", building=None, grid=town.grid, now=long_ago)
    assert ids(found(town)) == [here.pk]


def test_words_find_what_was_filed_elsewhere(town: Town) -> None:
    case = reported(town, category="other-other", text="三楼楼道灯不亮，看不见路")
    assert ids(found(town)) == [case.pk]


def test_it_asks_once_however_many_cases_there_are(town: Town) -> None:
    reported(town, category="facilities-lamp")
    for _ in range(12):
        reported(town, category="facilities-lamp")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        rows = similar_cases(
            Case.objects.all(),
            Report(town.grid, town.building, LAMP, category("facilities-lamp")),
            now=timezone.now(),
        )
    assert len(rows) == 5
    assert len(asked) <= 2  # the second is the helper's own look at the category


def form(town: Town, **more: Any) -> dict[str, Any]:
    return {
        "grid": town.grid.pk, "building": town.building.pk, "text": LAMP,
        "category": category("facilities-lamp").pk, **more,
    }  # fmt: skip


def test_the_report_page_shows_them_before_sending(client: Client, town: Town) -> None:
    case = reported(town, category="facilities-lamp")
    client.force_login(town.users["grid_head"])
    page = client.get("/cases/new/").content.decode()
    assert 'hx-post="/cases/new/similar/"' in page
    shown = client.post("/cases/new/similar/", form(town)).content.decode()
    assert case.case_no in shown
    assert f"/cases/{case.pk}/" in shown


def test_the_report_page_shows_nobody_elses_ground(client: Client, town: Town) -> None:
    reported(town, category="facilities-lamp")
    client.force_login(town.users["other_grid_head"])
    answer = client.post("/cases/new/similar/", form(town))
    assert answer.status_code == 200
    assert answer.content.strip() == b""
    client.force_login(town.users["sysadmin"])
    assert client.post("/cases/new/similar/", form(town)).status_code == 403


def test_half_written_and_broken_input_finds_nothing(client: Client, town: Town) -> None:
    client.force_login(town.users["grid_head"])
    for broken in ({"grid": ""}, {"grid": "x" * 40}, {"building": "９"}, {"category": "9" * 30}):
        assert client.post("/cases/new/similar/", form(town, **broken)).status_code == 200


def public(client: Client, town: Town, **more: Any) -> str:
    data = form(town, **{"grid": town.grid.code, **more})
    return client.post("/report/similar/", data).content.decode()


def test_residents_read_what_kind_and_how_long_ago_only(client: Client, town: Town) -> None:
    ago = timezone.now() - timedelta(days=3)
    case = reported(town, category="facilities-lamp", text=f"{LAMP}请找张三", now=ago)
    shown = public(client, town)
    assert f"3 天前已有人反映过“{case.category.name}”类问题，正在核实" in shown
    assert "张三" not in shown
    assert case.case_no not in shown


def test_residents_do_not_read_of_confidential_cases(client: Client, town: Town) -> None:
    reported(town, category="facilities-lamp", confidential=True)
    assert public(client, town).strip() == ""


def test_residents_get_one_hint_per_category(town: Town) -> None:
    for _ in range(3):
        reported(town, category="facilities-lamp")
    report = Report(town.grid, town.building, LAMP, category("facilities-lamp"))
    assert len(hints_for_resident(report, now=timezone.now())) == 1


def test_me_too_is_a_report_of_its_own(client: Client, town: Town) -> None:
    first = reported(town, category="facilities-lamp")
    sent = client.post(
        "/report/",
        {"grid": town.grid.code, "text": "", "building": town.building.pk,
         "me_too": first.category_id, "client_key": "k" * 20},
    )  # fmt: skip
    assert sent.status_code == 302, sent.content.decode()
    mine = Case.objects.latest("pk")
    assert mine != first
    assert mine.category == first.category
    assert mine.text == f"我也遇到了“{first.category.name}”类问题。"


def test_me_too_with_a_made_up_category_is_no_excuse(client: Client, town: Town) -> None:
    for pressed in ("999999", "９", "abc"):
        sent = client.post(
            "/report/",
            {"grid": town.grid.code, "text": "", "me_too": pressed, "client_key": "k" * 20},
        )
        assert sent.status_code == 400


def test_accepting_shows_what_may_be_the_same(client: Client, town: Town) -> None:
    first, second = reported(town, category="facilities-lamp"), reported(town)
    client.force_login(town.users["grid_head"])
    page = client.get(f"/cases/{second.pk}/moves/accept/").content.decode()
    assert "可能是同一件事（1）" in page
    assert first.case_no in page
    assert "可能是同一件事" not in client.get(f"/cases/{second.pk}/moves/reject/").content.decode()


def test_merging_offers_the_numbers(client: Client, town: Town) -> None:
    first, second = reported(town, category="facilities-lamp"), reported(town)
    client.force_login(town.users["community_staff"])
    accept = client.get(f"/cases/{second.pk}/moves/accept/").content.decode()
    link = f"/cases/{second.pk}/moves/merge/?main={first.case_no}"
    assert link in accept
    page = client.get(link)
    assert page.context["form"]["main"].value() == first.case_no
    assert f'<option value="{first.case_no}">' in page.content.decode()
    client.force_login(town.users["grid_head"])
    assert "moves/merge/?main" not in client.get(
        f"/cases/{second.pk}/moves/accept/"
    ).content.decode()  # fmt: skip


def merged(town: Town, main: Case) -> Case:
    return (
        Story(town, reported(town, text="楼下的灯也不亮"))
        .step("merge", "community_staff", main=main.case_no)
        .case
    )


def test_a_merged_reporter_follows_the_main_case(client: Client, town: Town) -> None:
    story = Story(town, reported(town, text="灯坏了，我是李四"))
    mine = merged(town, story.case)
    story.accepted()
    client.post("/track/", {"code": mine.tracking_code})
    page = client.get("/track/").content.decode()
    assert "合并办理的进度" in page
    assert story.case.case_no in page
    assert "已立案，正在安排办理" in page
    assert "李四" not in page


def test_the_main_case_is_the_end_of_all_merges(town: Town) -> None:
    last, middle = reported(town), reported(town)
    first = merged(town, middle)
    Story(town, middle).step("merge", "community_staff", main=last.case_no)
    assert main_of(Case.objects.get(pk=first.pk)).pk == last.pk
    assert main_of(last) == last
