"""Pages of campaigns: scope, the worker's round, progress equal to lists, export as shown."""

import csv
import io
from typing import Any

import openpyxl
import pytest

from orgs.models import AuditEntry
from residents.models import Campaign, CampaignDoor, CampaignVisit
from residents.services.campaigns import close_campaign
from residents.services.rounds import purge_campaign
from tests.residents.rounds import day, door_of, draft, field, knock, opened
from tests.town import Town, make_household

WALKS = ["community_staff", "grid_head", "grid_worker_ft", "grid_worker_pt", "group_leader"]
LOOKS = ["street_admin", "dispatcher", "community_secretary", "branch_secretary", "police_contact"]
NONE = [
    "sysadmin", "auditor", "district_official", "dept_handler", "partner_unit", "volunteer",
    "revisitor", "corridor_head", "grid_informant",
]  # fmt: skip
STRANGERS = ["other_street_admin", "other_community_staff", "other_grid_head", "sister_grid_head"]


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def campaign(town: Town) -> Campaign:
    """An open round over the first grid: two doors."""
    return opened(town.community, grids=[town.grid], name="燃气软管排查")


def form_of(campaign: Campaign, door: CampaignDoor, **more: Any) -> dict[str, Any]:
    first = field(campaign, "软管是否超期")
    return {
        "outcome": "visited", first: "是", "version": door.version, "client_key": "k1", **more,
    }  # fmt: skip


def test_each_role_gets_its_pages(town: Town, enter: Any, campaign: Campaign) -> None:
    door = door_of(campaign, town.households[0])
    base = f"/residents/campaigns/{campaign.pk}/"
    looks = [base, f"{base}doors/"]
    walks = [f"{base}round/", f"{base}round/{town.building.pk}/", f"{base}door/{door.pk}/"]
    for who in WALKS:
        for page in [*looks, *walks]:
            assert enter(who).get(page).status_code == 200, (who, page)
    for who in LOOKS:
        for page in looks:
            assert enter(who).get(page).status_code == 200, (who, page)
        for page in walks:
            assert enter(who).get(page).status_code == 403, (who, page)
    for who in STRANGERS:
        for page in [*looks, *walks]:
            assert enter(who).get(page).status_code == 404, (who, page)
    for who in NONE:
        for page in ["/residents/campaigns/", *looks, *walks]:
            assert enter(who).get(page).status_code == 403, (who, page)


def test_only_who_leads_the_area_changes_the_round(town: Town, enter: Any) -> None:
    street = draft(town.street)
    base = f"/residents/campaigns/{street.pk}/"
    assert enter("street_admin").get(base).status_code == 200
    assert enter("community_staff").get(base).status_code == 404  # a draft of the street
    assert enter("street_admin").post(f"{base}open/").status_code == 302
    assert enter("community_staff").get(base).status_code == 200
    for page in ("edit/", "open/", "questions/new/"):
        assert enter("community_staff").get(base + page).status_code == 403, page
    for page in ("close/", "copy/", "discard/"):
        assert enter("grid_head").post(base + page).status_code == 403, page
    assert "结束排查" not in text(enter("community_staff").get(base))
    assert enter("street_admin").post(f"{base}close/").status_code == 302
    street.refresh_from_db()
    assert street.state == "closed"


def test_a_round_is_made_in_the_browser(town: Town, enter: Any) -> None:
    staff = enter("community_staff")
    first = staff.get("/residents/campaigns/new/")
    assert "先选要查的范围" in text(first)
    assert "东湖社区" not in text(first)
    url = f"/residents/campaigns/new/?under={town.community.pk}"
    facts = {
        "name": "燃气软管排查", "purpose": "按安委会通知", "starts_on": day(0), "ends_on": day(-1),
        "keep_days": 30, "buildings": [town.building.pk],
    }  # fmt: skip
    refused = staff.post(url, facts)
    assert refused.status_code == 400
    assert "结束日期不能早于开始日期" in text(refused)
    assert "按安委会通知" in text(refused)
    answer = staff.post(url, {**facts, "ends_on": day(5)})
    campaign = Campaign.objects.get()
    assert answer.url == f"/residents/campaigns/{campaign.pk}/"
    page = answer.url
    wrong = staff.post(f"{page}questions/new/", {"kind": "one", "text": "气源", "options": "气"})
    assert wrong.status_code == 400
    assert "至少写两个选项" in text(wrong)
    staff.post(f"{page}questions/new/", {"kind": "yes_no", "text": "有没有超期", "required": "on"})
    cost = text(staff.get(f"{page}open/"))
    assert "户数 × 每户秒数" in cost
    # 2 doors × (150 + 8) seconds: one hour, rounded up.
    assert "本次约需" in cost
    assert "还没有查过" in cost
    assert staff.post(f"{page}open/").status_code == 302
    assert campaign.doors.count() == 2
    shown = text(staff.get(page))
    assert "自动清除" in shown
    campaign.refresh_from_db()
    assert campaign.purge_on == day(35)


def test_an_area_of_others_is_refused(town: Town, enter: Any) -> None:
    for under in (town.street.pk, town.other_community.pk, "x", "9" * 30):
        answer = enter("community_staff").get(f"/residents/campaigns/new/?under={under}")
        assert answer.status_code == 400, under


def test_the_year_adds_up_the_rounds_the_same_doors_see(
    town: Town, enter: Any, campaign: Campaign
) -> None:
    for room in range(48):
        make_household(town.building, f"8{room:02d}")
    opened(town.community, grids=[town.grid], name="另一次")
    second = draft(town.community, grids=[town.grid])
    cost = enter("community_staff").get(f"/residents/campaigns/{second.pk}/open/").context["cost"]
    # 50 doors × (150 + 8 + 12 + 18 + 12 + 15 + 40 + 40) = 14,750 seconds; 2 doors of the first.
    assert (cost.this, cost.others, cost.rounds) == (5, 6, 2)
    assert cost.year == 11


def test_saving_a_door_goes_on_to_the_next(town: Town, enter: Any, campaign: Campaign) -> None:
    client = enter("grid_head")
    first, second = (door_of(campaign, home) for home in town.households)
    url = f"/residents/campaigns/{campaign.pk}/door/"
    page = client.get(f"{url}{first.pk}/")
    assert "阳光花园1栋1单元101" in text(page)
    answer = client.post(f"{url}{first.pk}/", form_of(campaign, first))
    assert answer.url == f"{url}{second.pk}/"
    absent = client.post(
        f"{url}{second.pk}/", {"outcome": "absent", "version": 1, "client_key": "k2"}
    )
    assert absent.url == f"/residents/campaigns/{campaign.pk}/round/{town.building.pk}/"
    building = text(client.get(absent.url))
    assert "door-green" in building
    assert "无人1" in building
    first.refresh_from_db()
    assert first.last_by == town.users["grid_head"]


def test_what_is_typed_survives_a_refusal(town: Town, enter: Any, campaign: Campaign) -> None:
    door = door_of(campaign, town.households[0])
    url = f"/residents/campaigns/{campaign.pk}/door/{door.pk}/"
    number, words = field(campaign, "用气人数"), field(campaign, "说明")
    typed = {number: "三口", words: "厨房靠窗", "note": "下周再来"}
    answer = enter("grid_head").post(url, form_of(campaign, door, **typed))
    assert answer.status_code == 400
    page = text(answer)
    for kept in ("三口", "厨房靠窗", "下周再来", "请填数字"):
        assert kept in page
    assert answer.context["form"].errors.keys() == {number}
    assert not CampaignVisit.objects.exists()
    empty = enter("grid_head").post(url, {"outcome": "visited", "version": 1, "client_key": "k"})
    assert empty.status_code == 400
    assert "请回答" in text(empty)
    strange = enter("grid_head").post(url, form_of(campaign, door, outcome="burnt"))
    assert strange.status_code == 400


def test_a_form_sent_twice_is_one_visit(town: Town, enter: Any, campaign: Campaign) -> None:
    door = door_of(campaign, town.households[0])
    url = f"/residents/campaigns/{campaign.pk}/door/{door.pk}/"
    for _ in range(2):
        assert enter("grid_head").post(url, form_of(campaign, door)).status_code == 302
    assert CampaignVisit.objects.count() == 1


def test_a_door_somebody_else_just_did_is_told_and_can_be_saved_again(
    town: Town, enter: Any, campaign: Campaign
) -> None:
    door = door_of(campaign, town.households[0])
    url = f"/residents/campaigns/{campaign.pk}/door/{door.pk}/"
    knock(door, "refused", by=town.users["grid_worker_ft"])
    sent = form_of(campaign, door, version=1, note="我写的")
    answer = enter("grid_head").post(url, sent)
    assert answer.status_code == 400
    assert "刚由别人登记过" in text(answer)
    assert "我写的" in text(answer)
    again = {**sent, "version": answer.context["form"]["version"].value()}
    assert enter("grid_head").post(url, again).status_code == 302


def test_sensitive_answers_are_shown_only_for_a_purpose(
    town: Town, enter: Any, campaign: Campaign
) -> None:
    door, secret = door_of(campaign, town.households[0]), field(campaign, "家中病人")
    base = f"/residents/campaigns/{campaign.pk}/"
    client = enter("grid_head")
    client.post(f"{base}door/{door.pk}/", form_of(campaign, door, **{secret: "哮喘"}))
    for page in (f"{base}door/{door.pk}/", f"{base}doors/", base):
        assert "哮喘" not in text(client.get(page)), page
    staff = enter("community_staff")
    assert "敏感，不显示" in text(staff.get(f"{base}doors/"))
    for kind in ("csv", "xlsx"):
        export = staff.get(f"{base}doors/export/{kind}/").content
        assert "哮喘".encode() not in export
    url = f"{base}door/{door.pk}/secrets/"
    assert enter("dispatcher").post(url, {"purpose": "看看"}).status_code == 403
    assert client.post(url, {"purpose": ""}).status_code == 400
    assert "哮喘" in text(client.post(url, {"purpose": "安排上门帮扶"}))
    entry = AuditEntry.objects.get(action="campaign.reveal")
    assert entry.purpose == "安排上门帮扶"
    assert "哮喘" not in str(entry.detail)


def test_every_figure_equals_its_list(town: Town, enter: Any) -> None:
    campaign = opened(town.street)
    knock(door_of(campaign, town.households[0]))
    for _ in range(3):
        knock(door_of(campaign, town.households[1]), "absent")
    knock(door_of(campaign, town.sister_household), "refused")
    for who, total in (
        ("street_admin", 4), ("community_staff", 3), ("grid_head", 2), ("sister_grid_head", 1),
    ):  # fmt: skip
        client = enter(who)
        page = client.get(f"/residents/campaigns/{campaign.pk}/").context
        assert page["stats"][0]["value"] == total, who
        for stat in page["stats"]:
            listed = client.get(stat["url"]).context["page"].count
            assert listed == stat["value"], (who, stat["label"])
        for row in page["rows"]:
            for cell in row["cells"]:
                listed = client.get(cell["url"]).context["page"].count
                assert listed == cell["value"], (who, row["name"], cell["label"])
            assert client.get(row["url"]).status_code == 200


def test_progress_goes_from_communities_to_buildings(town: Town, enter: Any) -> None:
    campaign = opened(town.street)
    url = f"/residents/campaigns/{campaign.pk}/"
    staff = enter("street_admin")
    assert staff.get(url).context["level"] == "社区"
    inside = staff.get(f"{url}?community={town.community.pk}").context
    assert (inside["level"], len(inside["rows"])) == ("网格", 2)
    houses = staff.get(f"{url}?grid={town.grid.pk}").context
    assert (houses["level"], [row["name"] for row in houses["rows"]]) == ("楼栋", ["阳光花园1栋"])
    assert enter("grid_head").get(url).context["level"] == "楼栋"
    assert staff.get(f"{url}?grid=x").status_code == 200


def test_the_export_is_exactly_what_is_shown(town: Town, enter: Any, campaign: Campaign) -> None:
    words = field(campaign, "说明")
    first = field(campaign, "软管是否超期")
    answers = {first: "是", words: "=HYPERLINK(1) 电话16900001234"}
    knock(door_of(campaign, town.households[0]), answers=answers, by=town.users["grid_head"])
    client = enter("community_staff")
    base = f"/residents/campaigns/{campaign.pk}/doors/"
    for query in ("", "?status=visited", "?status=exceptions", f"?building={town.building.pk}"):
        shown = [
            [str(cell) for cell in row.cells] for row in client.get(base + query).context["rows"]
        ]
        content = client.get(f"{base}export/csv/{query}").content.decode("utf-8-sig")
        exported = list(csv.reader(io.StringIO(content)))
        plain = [[cell.removeprefix("'") for cell in row] for row in exported[1:]]
        assert plain == shown, query
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{base}export/xlsx/").content)).active
    cells = [cell.value for cell in book[4]]
    assert any(str(cell).startswith("'=HYPERLINK(1) 电话169****1234") for cell in cells)
    assert AuditEntry.objects.filter(action="campaign.export").count() == 5
    assert enter("grid_head").get(f"{base}export/csv/").status_code == 403
    assert enter("other_community_staff").get(f"{base}export/csv/").status_code == 404
    assert client.get(f"{base}export/pdf/").status_code == 404


def test_rooms_are_masked_for_who_only_looks_on(town: Town, enter: Any, campaign: Campaign) -> None:
    url = f"/residents/campaigns/{campaign.pk}/doors/"
    assert "1单元101" in text(enter("grid_head").get(url))
    looks = text(enter("street_admin").get(url))
    assert "1单元1**" in looks
    assert "1单元101" not in looks
    export = enter("street_admin").get(f"{url}export/csv/").content.decode("utf-8-sig")
    assert "1单元1**" in export
    assert "1单元101" not in export


@pytest.mark.parametrize("query", ["status=burnt", "grid=x", "grid=999999", "community=-1"])
def test_a_bad_filter_is_told(town: Town, enter: Any, campaign: Campaign, query: str) -> None:
    url = f"/residents/campaigns/{campaign.pk}/doors/?{query}"
    assert enter("community_staff").get(url).status_code == 400


def test_the_pages_say_what_happens_after_the_end(
    town: Town, enter: Any, campaign: Campaign
) -> None:
    from django.utils import timezone

    door = door_of(campaign, town.households[0])
    knock(door, note="张三家")
    close_campaign(campaign=campaign, by=None, today=day(0))
    url = f"/residents/campaigns/{campaign.pk}/"
    client = enter("community_staff")
    assert "不能再登记" in text(client.get(f"{url}door/{door.pk}/"))
    refused = client.post(f"{url}door/{door.pk}/", form_of(campaign, door, version=2))
    assert refused.status_code == 400
    purge_campaign(campaign=campaign, now=timezone.now())
    page = text(client.get(url))
    assert "答案已清除" in page
    assert "只留统计数字" in page
    doors = text(client.get(f"{url}doors/"))
    assert "张三家" not in doors
    assert "已清除" in doors


def test_home_counts_the_doors_to_knock_at(town: Town, enter: Any, campaign: Campaign) -> None:
    knock(door_of(campaign, town.households[0]))
    todos = enter("grid_head").get("/").context["todos"]
    [mine] = [todo for todo in todos if "燃气软管排查" in todo.sentence]
    assert mine.count == 1
    assert enter("grid_head").get(mine.url).context["left"] == 1
    assert not [t for t in enter("dispatcher").get("/").context["todos"] if "燃气" in t.sentence]


def test_pages_do_not_ask_more_with_more_doors(
    town: Town, enter: Any, django_assert_max_num_queries: Any
) -> None:
    for room in range(30):
        make_household(town.building, f"7{room:02d}")
    campaign = opened(town.street)
    for number in range(5):
        opened(town.community, name=f"第{number}次")
    base = f"/residents/campaigns/{campaign.pk}/"
    knock(door_of(campaign, town.households[0]), by=town.users["grid_head"])
    door = door_of(campaign, town.households[1])
    for page, most in (
        ("/residents/campaigns/", 12), (base, 20), (f"{base}doors/", 16), (f"{base}round/", 10),
        (f"{base}round/{town.building.pk}/", 11), (f"{base}door/{door.pk}/", 14), ("/", 30),
    ):  # fmt: skip
        client = enter("grid_head")
        with django_assert_max_num_queries(most):
            assert client.get(page).status_code == 200, page
