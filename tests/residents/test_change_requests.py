"""Proposed changes: each kind as a diff, approved into the register or sent back."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orgs.models import AuditEntry
from residents import find
from residents.models import CareKind, ChangeRequest, Household, Residency
from residents.services import approve_change, edit_household, propose_change
from residents.services.changes import Proposal, diff_of
from tests.residents.carehelp import Family, family
from tests.town import Town

TODAY = timezone.localdate


@pytest.fixture
def home(town: Town) -> Family:
    return family(town)


def proposals(home: Family) -> dict[str, tuple[Proposal, tuple[str, str, str]]]:
    """One of each kind, with the diff line a reviewer reads."""
    today = TODAY().isoformat()
    kind = CareKind.objects.get(code="disabled")
    return {
        "phone": (
            Proposal("phone", home.wang, {"phone": "16900009999"}),
            ("王老根 电话", "169****1234", "169****9999"),
        ),
        "person_out": (
            Proposal("person_out", home.wife, {"reason": "moved_out", "on": today}),
            ("李秀兰", "住在这一户", f"{today} 迁出"),
        ),
        "person_in": (
            Proposal("person_in", None, {"name": "王小妹", "relation": "子女", "phone": ""}),
            ("姓名", "—", "王小妹"),
        ),
        "occupancy": (
            Proposal("occupancy", None, {"occupancy": "rented"}),
            ("房屋状态", "未填", "出租"),
        ),
        "care": (
            Proposal("care", home.wang, {"kind": str(kind.pk), "level": "yellow"}),
            ("王老根 重点人群", "—", "残疾人（黄色）"),
        ),
    }  # fmt: skip


def propose(home: Family, town: Town, proposal: Proposal, who: str = "grid_head") -> ChangeRequest:
    home.home.refresh_from_db()
    return propose_change(household=home.home, proposal=proposal, by=town.users[who])


@pytest.mark.parametrize("kind", ChangeRequest.Kind.values)
def test_each_kind_is_read_as_a_diff_and_written_once(home: Family, town: Town, kind: str) -> None:
    proposal, line = proposals(home)[kind]
    change = propose(home, town, proposal)
    first = diff_of(change)[0]
    assert (first.label, first.before, first.after) == line
    assert "16900009999" not in change.sealed_values.token
    staff = town.users["community_staff"]
    approve_change(request=change, version=home.home.version, by=staff)
    with pytest.raises(ValidationError, match="不用再审"):
        approve_change(request=change, version=home.home.version + 1, by=staff)
    home.home.refresh_from_db()
    home.wang.person.refresh_from_db()
    home.wife.refresh_from_db()
    if kind == "phone":
        assert home.wang.person.phone.reveal() == "16900009999"
    elif kind == "person_out":
        assert home.wife.end == TODAY()
    elif kind == "person_in":
        assert Residency.objects.filter(household=home.home, person__name="王小妹").exists()
    elif kind == "occupancy":
        assert home.home.occupancy == "rented"
    else:
        made = home.wang.person.care_tags.get()
        assert (made.kind.code, made.added_by) == ("disabled", town.users["grid_head"])


@pytest.mark.parametrize("kind", ChangeRequest.Kind.values)
def test_nothing_is_written_over_a_newer_register(home: Family, town: Town, kind: str) -> None:
    change = propose(home, town, proposals(home)[kind][0])
    seen = home.home.version
    edit_household(
        household=home.home, version=seen, by=None, entrance=home.home.entrance, room="101",
        note="刚改过",
    )  # fmt: skip
    before = Residency.objects.filter(household=home.home, end=None).count()
    with pytest.raises(ValidationError, match="刚被别人改过"):
        approve_change(request=change, version=seen, by=town.users["community_staff"])
    change.refresh_from_db()
    assert change.state == "pending"
    assert Residency.objects.filter(household=home.home, end=None).count() == before
    assert not home.wang.person.care_tags.exists()


def test_nobody_judges_their_own(home: Family, town: Town, enter: Any) -> None:
    change = propose(home, town, proposals(home)["phone"][0], "community_staff")
    with pytest.raises(ValidationError, match="不能审核自己"):
        approve_change(request=change, version=home.home.version, by=town.users["community_staff"])
    url = f"/residents/changes/{change.pk}/"
    assert enter("community_staff").post(f"{url}approve/").status_code == 403
    assert "通过，更新登记" not in enter("community_staff").get(url).content.decode()
    assert "通过，更新登记" in enter("community_secretary").get(url).content.decode()


def test_who_reads_and_judges(home: Family, town: Town, enter: Any) -> None:
    change = propose(home, town, proposals(home)["phone"][0])
    url = f"/residents/changes/{change.pk}/"
    reads = {"grid_head", "community_staff", "community_secretary"}
    no_register = {"sysadmin", "auditor", "district_official", "volunteer", "revisitor",
                   "dept_handler", "second_dept_handler", "partner_unit", "grid_informant"}  # fmt: skip
    for who in town.users:
        expected = 200 if who in reads else 403 if who in no_register else 404
        assert enter(who).get(url).status_code == expected, who
    assert enter("grid_head").post(f"{url}approve/", {"version": 1}).status_code == 403
    assert enter("other_community_staff").post(f"{url}approve/").status_code == 404
    assert enter("grid_head").get("/residents/changes/").context["page"].count == 1
    assert enter("grid_worker_ft").get("/residents/changes/").context["page"].count == 0


def test_the_review_page_approves_what_was_seen(home: Family, town: Town, enter: Any) -> None:
    change = propose(home, town, proposals(home)["phone"][0])
    client, url = enter("community_staff"), f"/residents/changes/{change.pk}/"
    todo = [one for one in client.get("/").context["todos"] if "登记变更" in one.sentence]
    assert [one.count for one in todo] == [1]
    assert client.get(todo[0].url).context["page"].count == 1
    page = client.get(url)
    assert "169****9999" in page.content.decode()
    assert "16900009999" not in page.content.decode()
    Household.objects.filter(pk=home.home.pk).update(version=home.home.version + 1)
    stale = client.post(f"{url}approve/", {"version": home.home.version}, follow=True)
    assert "刚被别人改过" in stale.content.decode()
    assert "又被改过" in stale.content.decode()
    fresh = home.home.version + 1
    assert client.post(f"{url}approve/", {"version": "x"}).url == url
    done = client.post(f"{url}approve/", {"version": fresh})
    assert done.url == "/residents/changes/"
    assert AuditEntry.objects.filter(action="change.approve").count() == 1
    assert not [one for one in client.get("/").context["todos"] if "登记变更" in one.sentence]


def test_sending_back_needs_a_reason_the_proposer_reads(
    home: Family, town: Town, enter: Any
) -> None:
    change = propose(home, town, proposals(home)["phone"][0])
    url = f"/residents/changes/{change.pk}/reject/"
    assert enter("community_staff").post(url, {"reason": ""}).status_code == 400
    assert enter("community_staff").post(url, {"reason": "号码打不通"}).status_code == 302
    home.wang.person.refresh_from_db()
    assert home.wang.person.phone.reveal() == "16900001234"
    shown = enter("grid_head").get("/residents/changes/?state=rejected").content.decode()
    assert "号码打不通" in shown


@pytest.mark.parametrize(
    ("proposal", "sentence"),
    [
        (Proposal("phone", None, {"phone": "16900009999"}), "哪位居民"),
        (Proposal("nonsense"), "没有这一类"),
        (Proposal("occupancy", None, {"occupancy": "castle"}), "房屋状态"),
        (Proposal("person_in", None, {"name": "新人", "relation": "火星人"}), "关系"),
    ],
)
def test_nonsense_is_not_proposed(
    home: Family, town: Town, proposal: Proposal, sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        propose(home, town, proposal)
    assert not ChangeRequest.objects.exists()


def test_what_is_so_already_is_no_change(home: Family, town: Town) -> None:
    Household.objects.filter(pk=home.home.pk).update(occupancy="rented")
    with pytest.raises(ValidationError, match="不用改"):
        propose(home, town, proposals(home)["occupancy"][0])


def test_a_stranger_of_another_home_is_refused(home: Family, town: Town) -> None:
    with pytest.raises(ValidationError, match="不住在这一户"):
        propose_change(
            household=town.households[1], by=town.users["grid_head"],
            proposal=Proposal("phone", home.wang, {"phone": "16900009999"}),
        )  # fmt: skip


def texts_of(response: Any) -> list[list[str]]:
    """The rows under the heading of an exported list."""
    book = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content)))
    rows = [["" if cell is None else str(cell) for cell in row] for row in book.active.values]
    head = next(at for at, row in enumerate(rows) if row[0] == "序号")
    return rows[head + 1 :]


def test_the_list_is_searched_filtered_and_exported_as_shown(
    home: Family, town: Town, enter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {kind: propose(home, town, one) for kind, (one, _) in proposals(home).items()}
    client, url = enter("community_staff"), "/residents/changes/"

    def found(text: str, query: str = "") -> set[str]:
        page = client.post(f"{url}?{query}", {"q": text}).context["page"]
        assert page.count == len(page.rows)
        return {row.kind for row in page.rows}

    every = set(made)
    assert found("王老根") == every  # his home, all of whose changes are meant
    assert found("王小妹") == found("wxm") == {"person_in"}  # not in the register yet
    assert found(town.users["grid_head"].display_name) == every
    assert found(home.home.door) == every
    assert found("169 0000 1234") == every
    assert found("查无此人") == found("99栋9单元999") == set()
    assert found("王老根", "kind=phone") == {"phone"}
    assert found("王老根", "whose=mine") == set()

    shown = client.get(f"{url}?kind=phone")
    assert shown.context["page"].count == 1
    assert [tab["count"] for tab in shown.context["tabs_of_page"]] == [1, 0, 0]
    assert "kind=phone" in shown.context["tabs_of_page"][1]["url"]
    assert client.get(f"{url}?kind=castle").status_code == 400
    assert client.post(url, {"q": ""}).status_code == 400
    monkeypatch.setattr(find, "OPENED_AT_MOST", 0)
    page = client.post(url, {"q": "王小妹"})
    assert page.context["page"].count is None
    assert "姓名只查了最近" in page.content.decode()
    monkeypatch.undo()

    rows = texts_of(client.post(f"{url}export/?state=pending&kind=phone"))
    assert [row[1] for row in rows] == ["电话变更"]
    assert "169****9999" in rows[0][6]
    assert "16900009999" not in str(rows)
    rows = texts_of(client.post(f"{url}export/?state=pending", {"q": "王小妹"}))
    assert [row[1] for row in rows] == ["新增人员"]
    kept = AuditEntry.objects.filter(action="change.export")
    assert [one.detail for one in kept.order_by("pk")] == [{"rows": 1}, {"rows": 1}]

    assert client.get(f"{url}export/").status_code == 405
    stranger = enter("other_community_staff")
    assert stranger.post(url, {"q": "王老根"}).context["page"].rows == []
    assert texts_of(stranger.post(f"{url}export/")) == []
    assert enter("grid_worker_ft").post(f"{url}export/").status_code == 403


def test_the_list_asks_the_same_number_of_queries_for_more_rows(
    home: Family, town: Town, enter: Any, django_assert_max_num_queries: Any
) -> None:
    client, url = enter("community_staff"), "/residents/changes/"
    propose(home, town, proposals(home)["phone"][0])
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for proposal, _ in proposals(home).values():
        propose(home, town, proposal)
    with django_assert_max_num_queries(len(few)):
        client.get(url)
