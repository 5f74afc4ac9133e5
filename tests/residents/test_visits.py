"""Visits: the phone form, what follows from it, photos, homes where nobody opens, call-backs."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from gridparty.lib.periods import Month, Quarter
from grids.models import Building
from residents.models import (
    ChangeRequest,
    CorridorHead,
    HeadContact,
    Household,
    Need,
    Visit,
    VisitCheck,
    VisitPhoto,
)
from residents.services import check_visit, decide_vacancy, edit_care_tag
from residents.services.visitchecks import draw_due_checks, sample
from residents.tasklist import maybe_empty, progress, route, visitable_by, waiting
from residents.visit_rules import interval_days, quarter_quota, sample_size
from tests.residents.carehelp import Family, family, settle, tag, visit
from tests.town import Town, make_household, make_person, person_of

TODAY = timezone.localdate


@pytest.fixture
def home(town: Town) -> Family:
    return family(town)


def page(answer: Any) -> str:
    return str(answer.content.decode())


def typed(**facts: Any) -> dict[str, Any]:
    """Return what the form sends when nothing else is filled in."""
    return {"outcome": "nobody", "day": TODAY().isoformat(), "client_key": "k1"} | facts


def photo() -> SimpleUploadedFile:
    """Return a JPEG that carries a place and a camera in its EXIF."""
    image, out = Image.new("RGB", (64, 48), "grey"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    image.save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("IMG_1.jpg", out.getvalue(), "image/jpeg")


def test_nobody_there_takes_two_taps(home: Family, enter: Any) -> None:
    url = f"/residents/{home.home.pk}/visits/new/"
    client = enter("grid_head")
    assert "见到了谁" in page(client.get(url))
    assert client.post(url, typed()).status_code == 302
    assert client.post(url, typed()).status_code == 302, "the same form sent twice"
    assert Visit.objects.count() == 1
    assert client.post(url, typed(client_key="k2")).status_code == 302
    assert Visit.objects.count() == 2


def test_a_full_visit_writes_all_that_follows(home: Family, town: Town, enter: Any) -> None:
    url = f"/residents/{home.home.pk}/visits/new/"
    sent = typed(
        outcome="home", met=str(home.wang.pk), hazards=["gas", "cable"], opinion="楼道灯不亮",
        phone_of=str(home.wang.pk), new_phone="16900009999", occupancy="rented",
        need_kind="company", need_of=str(home.wife.pk), need_text="想有人陪着去体检",
        need_urgency="soon",
    )  # fmt: skip
    assert enter("grid_worker_ft").post(url, sent).status_code == 302
    made = Visit.objects.get()
    assert (made.met, made.hazards) == (home.wang.person, ["gas", "cable"])
    assert set(made.change_requests.values_list("kind", flat=True)) == {"phone", "occupancy"}
    need = Need.objects.get()
    assert (need.person, need.source, need.status) == (home.wife.person, "visit", "draft")
    home.wang.person.refresh_from_db()
    assert home.wang.person.phone.reveal() == "16900001234", "only a proposal so far"
    shown = page(enter("community_staff").get(f"/residents/visits/{made.pk}/"))
    assert "楼道灯不亮" in shown
    assert "燃气、飞线充电隐患" in shown


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"outcome": ""}, "请选择走访结果"),
        ({"outcome": "home"}, "请选择见到了谁"),
        ({"outcome": "home", "met": "other"}, "请写见到的是谁"),
        ({"outcome": "home", "met": "999999"}, "选择一个有效的选项"),
        ({"day": "2020-01-01"}, "最近 31 天"),
        ({"day": "2999-01-01"}, "最近 31 天"),
        ({"phone_of": "WANG", "new_phone": ""}, "请填写新号码"),
        ({"phone_of": "WANG", "new_phone": "12"}, "12"),
        ({"new_phone": "16900009999"}, "请选择是谁换了电话"),
        ({"in_name": "新人"}, "请选择与户主的关系"),
        ({"need_kind": "goods"}, "请写清楚需要什么"),
        ({"opinion": "长" * 501}, "最多 500 个字"),
    ],
)
def test_what_is_refused_stays_typed(
    home: Family, enter: Any, wrong: dict[str, str], sentence: str
) -> None:
    wrong = {name: str(home.wang.pk) if text == "WANG" else text for name, text in wrong.items()}
    sent = typed(**{"opinion": "这句话要留着"} | wrong)
    answer = enter("grid_head").post(f"/residents/{home.home.pk}/visits/new/", sent)
    assert answer.status_code == 400
    assert sentence in page(answer)
    assert "opinion" in wrong or "这句话要留着" in page(answer)
    assert not Visit.objects.exists()
    assert not ChangeRequest.objects.exists()


def test_photos_lose_their_exif_and_need_consent(home: Family, enter: Any, media: Any) -> None:
    url = f"/residents/{home.home.pk}/visits/new/"
    client = enter("grid_head")
    sent = typed(outcome="home", met=str(home.wang.pk))
    refused = client.post(url, sent | {"photos": photo()})
    assert refused.status_code == 400
    assert "须住户同意" in page(refused)
    assert "请重新选择照片" in page(refused)
    assert not list(media.rglob("*.bin"))
    assert client.post(url, sent | {"photos": photo(), "photo_consent": "on"}).status_code == 302
    kept = VisitPhoto.objects.get()
    (stored,) = media.rglob("*.bin")
    assert not stored.read_bytes().startswith(b"\xff\xd8"), "sealed at rest"
    answer = client.get(f"/residents/visits/photos/{kept.pk}/")
    assert answer.content.startswith(b"\xff\xd8")
    assert b"SecretCamera" not in answer.content
    for who, status in (("community_staff", 200), ("dispatcher", 403), ("sister_grid_head", 404),
                        ("auditor", 403)):  # fmt: skip
        assert enter(who).get(f"/residents/visits/photos/{kept.pk}/").status_code == status, who
    fake = SimpleUploadedFile("x.jpg", b"not a photo", "image/jpeg")
    bad = client.post(url, typed(outcome="nobody", photos=fake, client_key="k9"))
    assert "第 1 张" in page(bad)


MAY = {"community_staff", "grid_head", "grid_worker_ft", "corridor_head"}
SEES = MAY | {"street_admin", "dispatcher", "second_dispatcher", "community_secretary",
              "branch_secretary", "grid_worker_pt", "police_contact", "group_leader"}  # fmt: skip
STRANGERS = {"sister_grid_head", "other_grid_head", "other_street_admin", "other_community_staff"}


def test_who_visits_and_who_reads(home: Family, town: Town, enter: Any) -> None:
    made = visit(home.home, town.users["grid_head"], "home")
    for who in town.users:
        form = enter(who).get(f"/residents/{home.home.pk}/visits/new/").status_code
        read = enter(who).get(f"/residents/visits/{made.pk}/").status_code
        expected = 404 if who in STRANGERS else 403
        assert form == (200 if who in MAY else expected), who
        assert read == (200 if who in SEES else expected), who


def test_an_assigned_part_timer_may_visit(home: Family, town: Town, enter: Any) -> None:
    edit_care_tag(
        tag=tag(home.wang, ago=60), by=None, level="red",
        responsible=person_of(town.users["grid_worker_pt"]),
    )  # fmt: skip
    client = enter("grid_worker_pt")
    shown = page(client.get(f"/residents/{home.home.pk}/visits/new/"))
    assert "王*根" in shown
    assert "王老根" not in shown
    assert client.get("/residents/visits/tasks/").context["care_count"] == 1


def test_a_corridor_head_sees_a_flag_and_nothing_more(home: Family, enter: Any) -> None:
    client, url = enter("corridor_head"), f"/residents/{home.home.pk}/"
    assert "需要多关心" not in page(client.get(url))
    tag(home.wang)
    shown = page(client.get(url))
    assert "需要多关心" in shown
    assert "高龄" not in shown
    assert "谁要列为重点" not in page(client.get(f"{url}visits/new/"))


def test_the_list_counts_visits_and_homes(home: Family, town: Town, enter: Any) -> None:
    head = town.users["grid_head"]
    visit(home.home, head, "home", hazards=["gas"])
    visit(home.home, head, "phone", ago=1)
    visit(town.households[1], head, "nobody")
    client = enter("community_staff")
    answer = client.get("/residents/visits/")
    assert (answer.context["page"].count, answer.context["homes"]) == (3, 2)
    for query, count in (("outcome=nobody", 1), ("what=hazard", 1), ("what=reached", 2),
                         ("what=mine", 0), ("what=opinion", 0)):  # fmt: skip
        assert client.get(f"/residents/visits/?{query}").context["page"].count == count, query
    assert client.get("/residents/visits/?quarter=xx").status_code == 400
    assert enter("other_community_staff").get("/residents/visits/").context["page"].count == 0
    assert enter("grid_head").get("/residents/visits/export/").status_code == 403
    export = client.get("/residents/visits/export/?what=hazard")
    assert b"".join(export.streaming_content)[:2] == b"PK"


def test_the_quota_counts_distinct_homes(home: Family, town: Town, enter: Any) -> None:
    assert [quarter_quota(10, times) for times in (1, 2, 4, 12)] == [3, 5, 10, 10]
    assert (interval_days(2), interval_days(12)) == (182, 30)
    head, quarter = town.users["grid_head"], Quarter.of(TODAY())
    visit(home.home, head, "home")
    visit(home.home, head, "home")
    visit(town.households[1], head, "nobody")
    done = progress(Household.objects.visible_to(town.users["community_staff"]), quarter)
    grid = done[town.grid.pk]
    assert (grid.homes, grid.quota, grid.reached, grid.rate) == (2, 1, 1, 100)
    tag(home.wang)
    Household.objects.filter(pk=town.households[1].pk).update(occupancy="rented")
    done = progress(Household.objects.visible_to(town.users["community_staff"]), quarter)
    assert (done[town.grid.pk].quota, done[town.grid.pk].rate) == (2, 50)
    client = enter("community_staff")
    shown = client.get("/residents/visits/progress/")
    assert (shown.context["reached"], shown.context["quota"]) == (1, 3)
    listed = client.get(f"/residents/visits/?grid={town.grid.pk}&what=reached&quarter={quarter}")
    assert listed.context["homes"] == 1


def test_the_task_list_follows_the_doors(town: Town, enter: Any) -> None:
    head = town.users["grid_head"]
    homes, day = visitable_by(head), TODAY()
    assert waiting(homes, day).count() == 2, "nobody has been there yet"
    visit(town.households[0], head, "home")
    assert list(waiting(homes, day)) == [town.households[1]]
    assert waiting(homes, day + timedelta(days=183)).count() == 2
    visit(town.households[1], head, "nobody")
    assert waiting(homes, day).count() == 0, "a door just tried rests"
    assert waiting(homes, day + timedelta(days=2)).count() == 1
    Household.objects.filter(pk=town.households[0].pk).update(occupancy="rented")
    assert waiting(homes, day + timedelta(days=31)).count() == 2, "a rented home every month"
    Household.objects.update(occupancy="vacant")
    assert waiting(homes, day + timedelta(days=400)).count() == 0
    assert "该走访的都走访过了" in page(enter("grid_head").get("/residents/visits/tasks/"))


def test_care_visits_due_stand_among_the_doors(home: Family, town: Town, enter: Any) -> None:
    tag(home.wang, level="red", ago=20)
    client = enter("grid_head")
    shown = client.get("/residents/visits/tasks/")
    assert (shown.context["care_count"], shown.context["regular_count"]) == (1, 1)
    assert [len(group["doors"]) for group in shown.context["groups"]] == [2]
    only = client.get("/residents/visits/tasks/?only=care")
    assert [len(group["doors"]) for group in only.context["groups"]] == [1]
    visit(home.home, town.users["grid_head"], "home")
    assert client.get("/residents/visits/tasks/").context["care_count"] == 0


def test_the_route_goes_to_the_nearest_next() -> None:
    class Named:
        def __init__(self, pk: int, east: float | None) -> None:
            self.pk, self.longitude, self.latitude = pk, east, 31.0 if east else None
            self.sort_key, self.compound = f"{pk:03d}", type("Compound", (), {"name": "园"})()

    plain: Any = [Named(3, None), Named(1, None), Named(2, None)]
    assert [one.pk for one in route(plain)] == [1, 2, 3]
    assert [one.pk for one in route(plain, start=2)] == [2, 3, 1]
    placed: Any = [Named(1, 117.0), Named(2, 117.9), Named(3, 117.1), Named(4, None)]
    assert [one.pk for one in route(placed)] == [1, 3, 2, 4]
    assert [one.pk for one in route(placed, start=2)] == [2, 3, 1, 4]
    assert route([], start=7) == []


def test_three_times_nobody_is_for_checking(town: Town, enter: Any) -> None:
    head, home = town.users["grid_head"], town.households[0]
    homes = Household.objects.visible_to(head)
    for ago in (9, 6):
        visit(home, head, "nobody", ago=ago)
    assert not maybe_empty(homes).exists()
    visit(home, head, "nobody", ago=3)
    client, url = enter("grid_head"), f"/residents/{home.pk}/vacancy/"
    assert [
        row.knocks for row, _ in client.get("/residents/visits/vacancies/").context["rows"]
    ] == [3]
    sent = {"version": home.version}
    assert client.post(url, sent | {"choice": "revisit"}).status_code == 302
    assert not maybe_empty(homes).exists()
    assert home in waiting(visitable_by(head), TODAY()), "back on the task list"
    visit(home, head, "nobody", ago=1)
    assert maybe_empty(homes).count() == 1
    client.post(url, sent | {"choice": "keep"})
    assert not maybe_empty(homes).exists()
    for ago in (0, 0, 0):
        visit(home, head, "nobody", ago=ago)
    assert client.post(url, {"version": 99, "choice": "vacant"}).status_code == 302
    home.refresh_from_db()
    assert home.occupancy == "", "somebody else had changed it: refused"
    client.post(url, sent | {"choice": "vacant"})
    home.refresh_from_db()
    assert home.occupancy == "vacant"
    assert not maybe_empty(homes).exists()
    assert enter("dispatcher").get("/residents/visits/vacancies/").status_code == 403
    assert enter("sister_grid_head").post(url, sent | {"choice": "keep"}).status_code == 404


def test_a_home_with_people_is_not_declared_empty(home: Family, town: Town) -> None:
    head = town.users["grid_head"]
    visit(home.home, head, "nobody")
    with pytest.raises(ValidationError, match="还登记着居民"):
        decide_vacancy(
            household=home.home, choice="vacant", version=home.home.version, by=head, on=TODAY()
        )


def test_somebody_reached_starts_the_count_anew(town: Town) -> None:
    head, home = town.users["grid_head"], town.households[0]
    for outcome in ("nobody", "nobody", "phone", "nobody"):
        visit(home, head, outcome)
    assert not maybe_empty(Household.objects.all()).exists()


def test_five_percent_are_drawn_and_the_draw_can_be_repeated(town: Town, enter: Any) -> None:
    head, staff = town.users["grid_head"], town.users["community_staff"]
    assert [sample_size(number) for number in (1, 20, 21, 100)] == [1, 1, 2, 5]
    assert sample(list(range(1, 101)), "2026-10") == sample(list(range(100, 0, -1)), "2026-10")
    assert sample(list(range(1, 101)), "2026-10") != sample(list(range(1, 101)), "2026-11")
    month = Month.of(TODAY()).previous()
    made = visit(town.households[0], head, "home")
    Visit.objects.filter(pk=made.pk).update(day=month.first_day)
    assert draw_due_checks(today=TODAY()) == 1
    assert draw_due_checks(today=TODAY()) == 0
    check = VisitCheck.objects.get()
    with pytest.raises(ValidationError, match="不能抽查自己的走访"):
        check_visit(check=check, by=head, result="true", on=TODAY())
    client = enter("community_staff")
    assert client.get("/residents/visits/checks/").context["page"].count == 1
    url = f"/residents/visits/checks/{check.pk}/"
    assert "当时登记的" in page(client.get(url))
    assert client.post(url, {"result": "false", "note": ""}).status_code == 400
    assert client.post(url, {"result": "true"}).status_code == 302
    check.refresh_from_db()
    assert (check.checked_by, check.result) == (staff, "true")
    assert client.get("/residents/visits/checks/?done=1").context["page"].count == 1
    assert enter("grid_head").get("/residents/visits/checks/").status_code == 403
    assert enter("other_community_staff").get(url).status_code == 404


def test_a_visit_leads_on_to_a_prefilled_report(home: Family, town: Town, enter: Any) -> None:
    client = enter("community_staff")
    answer = client.post(f"/residents/{home.home.pk}/visits/new/", typed(then_report="on"))
    visit = Visit.objects.get()
    place = f"grid={town.grid.pk}&building={town.building.pk}&visit={visit.pk}"
    assert answer.url == f"/cases/new/?{place}"
    form = client.get(answer.url).context["form"]
    assert str(form["grid"].value()) == str(town.grid.pk)
    assert str(form["building"].value()) == str(town.building.pk)
    assert form["source"].value() == "visit"
    assert Building.objects.filter(pk=form["building"].value()).exists()


def test_the_pages_of_visits_do_not_ask_more_for_more_rows(
    town: Town, enter: Any, django_assert_max_num_queries: Any
) -> None:
    head = town.users["grid_head"]
    for number in range(12):
        home = make_household(town.building, f"8{number:02d}")
        settle(home, f"钱老{number}", age=50)
        visit(home, head, "home" if number % 2 else "nobody")
    client = enter("community_staff")
    for url in ("/residents/visits/", "/residents/visits/tasks/", "/residents/visits/progress/"):
        with django_assert_max_num_queries(16):
            assert client.get(url).status_code == 200


def test_homes_nobody_reached_for_90_days_are_counted_as_listed(town: Town, client: Any) -> None:
    """Of the two homes of the grid one was visited, the other's head called: both are in sight."""
    client.force_login(town.users["grid_head"])

    def shown() -> tuple[int, int]:
        page = client.get("/residents/visits/progress/").context
        listed = client.get(f"/residents/?grid={town.grid.pk}&contact=none").context["page"].count
        return page["untouched"], listed

    day = timezone.localdate()
    first, second = town.households[:2]
    assert shown() == (2, 2)
    visit = Visit.objects.create(
        household=first, visitor=town.users["grid_head"], day=day - timedelta(days=89),
        outcome="home",
    )  # fmt: skip
    assert shown() == (1, 1)
    Visit.objects.filter(pk=visit.pk).update(day=day - timedelta(days=90))
    assert shown() == (2, 2)
    head = CorridorHead.objects.create(
        person=make_person("楼长"), grid=town.grid, community=town.community, street=town.street,
        district=town.district, nominated_on=day,
    )  # fmt: skip
    HeadContact.objects.create(head=head, household=second, on=day, how="phone")
    assert shown() == (1, 1)
