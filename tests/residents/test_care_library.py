"""The care library: cadence and due dates, who sees what, the list and its counts, the export."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orgs.models import AuditEntry
from orgs.quality import Asked, check_named
from residents.models import CareKind, CareTag
from residents.services import edit_care_tag, end_care_tag, reveal_contact, review_care_tag
from residents.services.due import refresh_due_dates
from tests.residents.carehelp import Family, family, settle, tag, visit
from tests.town import Town, make_household, person_of


@pytest.fixture
def home(town: Town) -> Family:
    return family(town)


def page(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_level_sets_the_day_of_the_next_visit(home: Family) -> None:
    today = timezone.localdate()
    for level, days in (("red", 7), ("yellow", 15), ("blue", 30)):
        one = tag(home.wang, level=level)
        assert one.due_on == today + timedelta(days=days)
        end_care_tag(tag=one, end=today, reason="测试", by=None)


def test_its_own_cadence_wins_and_kinds_are_editable(home: Family) -> None:
    one = tag(home.wang, level="red")
    edit_care_tag(tag=one, by=None, level="red", visit_days=3)
    one.refresh_from_db()
    assert one.cadence == 3
    other = tag(home.wife, level="blue")
    CareKind.objects.filter(pk=other.kind_id).update(blue_days=10)
    assert refresh_due_dates() == 1  # the one with its own cadence stays
    assert refresh_due_dates() == 0
    other.refresh_from_db()
    assert other.due_on == other.start + timedelta(days=10)
    with pytest.raises(ValidationError, match="1 到 366"):
        edit_care_tag(tag=one, by=None, level="red", visit_days=0)


def test_a_visit_moves_the_due_day_of_everybody_there(home: Family, town: Town) -> None:
    one, other = tag(home.wang, ago=40), tag(home.wife, ago=40)
    today = timezone.localdate()
    assert CareTag.objects.overdue(today).count() == 2
    visit(home.home, town.users["grid_head"], "nobody")
    assert CareTag.objects.overdue(today).count() == 2, "nobody there is no visit"
    visit(home.home, town.users["grid_head"], "home")
    assert CareTag.objects.due(today).count() == 0
    one.refresh_from_db()
    other.refresh_from_db()
    assert one.visited_on == other.visited_on == today


def test_a_second_person_reviews(home: Family, town: Town) -> None:
    one, today = tag(home.wang), timezone.localdate()
    head, staff = town.users["grid_head"], town.users["community_staff"]
    CareTag.objects.filter(pk=one.pk).update(added_by=head)
    with pytest.raises(ValidationError, match="由别人复核"):
        review_care_tag(tag=one, by=head, on=today)
    reviewed = review_care_tag(tag=one, by=staff, on=today)
    assert (reviewed.reviewer, reviewed.review_on) == (staff, today + timedelta(days=365))
    assert not CareTag.objects.to_review(today).exists()


def test_the_emergency_contact_is_sealed_and_looked_at_on_the_record(
    home: Family, town: Town, enter: Any
) -> None:
    one = tag(home.wang)
    edit_care_tag(
        tag=one, by=None, level="blue", contact_name="王小妹", contact_phone="16900005678"
    )
    one.refresh_from_db()
    assert "王小妹" not in one.contact_name.token
    assert "16900005678" not in str(one.contact_phone)
    assert one.masked_contact == "王*妹 169****5678"
    client = enter("grid_head")
    assert "16900005678" not in page(client.get(f"/residents/care/{one.pk}/"))
    assert "purpose" in page(client.get(f"/residents/care/{one.pk}/contact/"))
    shown = client.post(f"/residents/care/{one.pk}/contact/", {"purpose": "联系本人"})
    assert "王小妹 16900005678" in page(shown)
    assert AuditEntry.objects.filter(action="resident.reveal", purpose="联系本人").count() == 1
    assert enter("branch_secretary").get(f"/residents/care/{one.pk}/contact/").status_code == 403
    assert reveal_contact(
        tag=one, purpose="联系本人", by=town.users["grid_head"], street=town.street.pk
    ).endswith("16900005678")  # fmt: skip


SEES = {
    "street_admin": 1, "community_staff": 1, "community_secretary": 1, "branch_secretary": 1,
    "grid_head": 1, "grid_worker_ft": 1, "group_leader": 1, "grid_worker_pt": 0,
    "police_contact": 0, "sister_grid_head": 0, "other_grid_head": 0, "other_street_admin": 0,
    "other_community_staff": 0,
}  # fmt: skip


def test_each_role_sees_the_library_of_its_area(home: Family, town: Town, enter: Any) -> None:
    one = tag(home.wang)
    for who in town.users:
        answer = enter(who).get("/residents/care/")
        if who in SEES:
            assert answer.context["page"].count == SEES[who], who
            inside = enter(who).get(f"/residents/care/{one.pk}/").status_code
            assert inside == (200 if SEES[who] else 404), who
        else:
            assert answer.status_code == 403, who
            assert enter(who).get(f"/residents/care/{one.pk}/").status_code == 403, who


def test_part_time_people_see_whom_they_are_responsible_for(
    home: Family, town: Town, enter: Any
) -> None:
    one = tag(home.wang)
    edit_care_tag(
        tag=one, by=None, level="blue", responsible=person_of(town.users["grid_worker_pt"])
    )
    assert enter("grid_worker_pt").get("/residents/care/").context["page"].count == 1
    assert enter("police_contact").get("/residents/care/").context["page"].count == 0


def test_minors_and_need_to_know_are_for_fewer(home: Family, town: Town, enter: Any) -> None:
    child = settle(home.home, "王小宝", age=9, relation="孙子女")
    tag(child, "left_behind_child", "yellow")
    assert enter("grid_head").get("/residents/care/").context["page"].count == 1
    for who in ("street_admin", "branch_secretary", "group_leader"):
        assert enter(who).get("/residents/care/").context["page"].count == 0, who
    CareKind.objects.filter(code="public_order").update(is_active=True)
    secret = tag(home.wang, "public_order")
    assert enter("grid_head").get("/residents/care/").context["page"].count == 1
    CareTag.objects.filter(pk=secret.pk).update(added_by=town.users["community_staff"])
    assert enter("community_staff").get("/residents/care/").context["page"].count == 2


def test_every_count_equals_its_list(home: Family, town: Town, enter: Any) -> None:
    tag(home.wang, level="red", ago=20)
    tag(home.wang, "disabled", "yellow", ago=1)
    tag(home.wife, ago=30)
    client = enter("community_staff")
    answer = client.get("/residents/care/")
    assert answer.context["page"].count == 3
    for tab in answer.context["kinds"]:
        listed = client.get(f"/residents/care/{tab['url']}").context["page"]
        assert listed.count == len(listed.rows) == tab["count"], tab
    assert client.get("/residents/care/?due=today").context["page"].count == 2
    assert client.get("/residents/care/?due=overdue").context["page"].count == 1
    assert client.get("/residents/care/?level=yellow").context["page"].count == 1
    assert client.get("/residents/care/?state=review").context["page"].count == 3
    assert client.get("/residents/care/?state=ended").context["page"].count == 0
    assert client.get("/residents/care/?due=nonsense").status_code == 400


def test_the_work_page_counts_what_its_link_lists(home: Family, enter: Any) -> None:
    tag(home.wang, level="red", ago=20)
    tag(home.wife, ago=30)
    for who, address in (("grid_head", "?due=today&who=mine"), ("community_staff", "?due=overdue")):
        client = enter(who)
        todo = next(one for one in client.get("/").context["todos"] if "重点人员" in one.sentence)
        assert todo.url.endswith(address)
        assert client.get(todo.url).context["page"].count == todo.count > 0


def test_names_are_masked_and_found_by_post(home: Family, town: Town, enter: Any) -> None:
    tag(home.wang)
    tag(home.wife)
    client = enter("grid_head")
    shown = page(client.get("/residents/care/"))
    assert "王*根" in shown
    assert "王老根" not in shown
    for text, count in (("王老根", 1), ("LXL", 1), ("1栋", 2), ("查无此人", 0)):
        answer = client.post("/residents/care/", {"q": text})
        assert answer.context["page"].count == count, text
    assert (
        enter("branch_secretary").post("/residents/care/", {"q": "王老根"}).context["page"].count
        == 0
    )
    assert client.post("/residents/care/", {"q": "王\0"}).status_code == 400


def test_the_export_is_masked_scoped_and_recorded(home: Family, town: Town, enter: Any) -> None:
    tag(home.wang, ago=40)
    assert enter("grid_head").get("/residents/care/export/").status_code == 403
    answer = enter("community_staff").get("/residents/care/export/?due=overdue")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value]
    assert "王*根" in cells
    assert not any("王老根" in cell or "16900001234" in cell for cell in cells)
    assert "10" in cells, "days overdue"
    assert AuditEntry.objects.filter(action="care.export", detail__rows=1).count() == 1
    empty = enter("other_community_staff").get("/residents/care/export/")
    assert len(list(openpyxl.load_workbook(io.BytesIO(b"".join(empty.streaming_content))).active.iter_rows())) == 3  # fmt: skip


def test_a_tag_is_edited_and_ended_with_a_reason(home: Family, enter: Any, town: Town) -> None:
    one = tag(home.wang)
    client = enter("grid_head")
    url = f"/residents/care/{one.pk}/"
    responsible = person_of(town.users["grid_worker_ft"]).pk
    typed = {"level": "red", "basis": "低保证", "responsible": responsible, "visit_days": ""}
    assert client.post(f"{url}edit/", typed).status_code == 302
    one.refresh_from_db()
    assert (one.level, one.basis, one.responsible_id) == ("red", "低保证", responsible)
    stranger = person_of(town.users["other_grid_head"]).pk
    assert client.post(f"{url}edit/", typed | {"responsible": stranger}).status_code == 400
    assert client.post(f"{url}edit/", typed | {"contact_phone": "12"}).status_code == 400
    assert client.post(f"{url}close/", {"reason": "", "end": one.start}).status_code == 400
    assert client.post(f"{url}close/", {"reason": "迁走", "end": one.start}).status_code == 302
    assert client.post(f"{url}edit/", typed).status_code == 400, "ended"
    assert enter("branch_secretary").get(f"{url}edit/").status_code == 403


def test_the_pages_do_not_ask_more_for_more_rows(home: Family, town: Town, enter: Any) -> None:
    tag(home.wang, ago=60)
    client = enter("community_staff")

    def asked(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    urls = ("/residents/care/", "/residents/care/?due=today", "/residents/visits/tasks/")
    before = [asked(url) for url in urls]
    for number in range(8):
        other = make_household(town.building, f"9{number:02d}")
        tag(settle(other, f"赵老{number}", age=85), ago=60)
    assert [asked(url) for url in urls] == before


def test_the_quality_page_lists_what_nobody_looks_after(home: Family, town: Town) -> None:
    staff, today = town.users["community_staff"], timezone.localdate()
    tag(home.wang, level="red", ago=60)
    tag(home.wife, "disabled", ago=400)
    child = settle(home.home, "王小宝", age=9, relation="孙子女")
    tag(child, "left_behind_child", ago=500)
    found = {}
    for code in ("care_unvisited", "care_unreviewed"):
        check = check_named(code)
        assert check is not None
        rows = check.look(Asked(today)).visible_to(staff)
        found[code] = {row.person.name for row in rows}
    assert found == {"care_unvisited": {"王老根", "李秀兰"}, "care_unreviewed": {"李秀兰"}}
    CareTag.objects.update(due_on=today)
    check = check_named("care_unvisited")
    assert check is not None
    assert not check.look(Asked(today)).exists()


def test_the_page_of_a_person_shows_their_care(home: Family, enter: Any) -> None:
    url = f"/residents/people/{home.wang.person_id}/"
    assert "重点关爱" not in page(enter("grid_head").get(url))
    tag(home.wang, level="red", ago=9)
    shown = page(enter("grid_head").get(url))
    assert "重点关爱" in shown
    assert "超期 2 天" in shown
    assert "重点关爱" not in page(enter("dispatcher").get(url))
