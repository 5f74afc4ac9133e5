"""问责记录: proposed once by the clock, decided above, invisible below."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from cases.accountability import AccountState
from cases.models import Accountability, AccountPhoto, CaseEvent
from cases.services import MoveRefused, scan_clocks
from cases.services.accounting import decide_account, kinds_left, raise_account
from cases.services.retention import erase_old_photos
from notices.models import Notification
from orgs.models import AuditEntry
from tests.cases.cast import NOON, Story, photo
from tests.town import Town

pytestmark = pytest.mark.django_db


def _late(town: Town) -> Any:
    """A case weeks past its limit, swept as the days went by."""
    story = Story(town, now=NOON).handling()
    for days in (8, 12, 16, 20, 25):
        scan_clocks(NOON + timedelta(days=days))
    story.case.refresh_from_db()
    return story.case


def test_the_clock_proposes_once_and_leaves_no_trace_in_the_trail(town: Town) -> None:
    case = _late(town)
    record = Accountability.objects.get()
    assert (record.case_id, record.state, record.unit) == (case.pk, "proposed", town.department)
    assert record.ground == "no_reply"
    assert case.overdue_stage == 3
    assert scan_clocks(NOON + timedelta(days=60))["account"] == 0
    assert not CaseEvent.objects.filter(case=case, move__startswith="account").exists()
    assert AuditEntry.objects.filter(action="account.propose").count() == 1
    told = Notification.objects.filter(kind="case.account").values_list("user__username", flat=True)
    assert town.users["dispatcher"].username in told
    assert town.users["dept_handler"].username not in told


def test_a_supervision_still_to_be_answered_or_lifted_proposes_nothing(town: Town) -> None:
    story = Story(town, now=NOON).handling()
    # A week of downtime: the first sweep supervises, the reply is not due yet.
    assert scan_clocks(NOON + timedelta(days=20))["account"] == 0
    story.now = NOON + timedelta(days=20, hours=1)
    story.step("lift", "dispatcher", note="已说明，同意。")
    assert scan_clocks(NOON + timedelta(days=40))["account"] == 0


def test_decided_once_and_only_harder_afterwards(town: Town) -> None:
    case = _late(town)
    record = Accountability.objects.get()
    with pytest.raises(MoveRefused) as no:
        decide_account(record=record, by=town.users["dispatcher"], kind="talk", text="")
    assert "处理意见" in no.value.fields["text"]
    decide_account(record=record, by=town.users["dispatcher"], kind="talk", text="约谈分管负责人。")
    with pytest.raises(MoveRefused, match="已决定"):
        decide_account(record=record, by=town.users["street_admin"], kind="", text="不必")
    assert [kind.value for kind in kinds_left(case)] == ["named"]
    for kind in ("remind", "talk"):
        with pytest.raises(MoveRefused) as no:
            raise_account(
                case=case, by=town.users["street_admin"], kind=kind, ground="other", text="又一次"
            )
        assert "通报" in no.value.fields["kind"]
    raise_account(
        case=case, by=town.users["street_admin"], kind="named", ground="overdue", text="仍未办结。"
    )
    assert kinds_left(case) == ()
    assert AuditEntry.objects.filter(action__startswith="account.").count() == 3


def test_dropping_needs_a_reason(town: Town) -> None:
    _late(town)
    record = Accountability.objects.get()
    with pytest.raises(MoveRefused) as no:
        decide_account(record=record, by=town.users["dispatcher"], text="  ")
    assert no.value.fields["text"].startswith("请填写")
    done = decide_account(record=record, by=town.users["dispatcher"], text="等待招标，非单位原因。")
    assert done.state == AccountState.DROPPED


@pytest.mark.parametrize(
    "who", ["grid_head", "community_staff", "dept_handler", "other_street_admin"]
)
def test_nobody_below_or_beside_sees_it(town: Town, client: Any, who: str) -> None:
    case = _late(town)
    record = Accountability.objects.get()
    user = town.users[who]
    assert not Accountability.objects.visible_to(user).exists()
    client.force_login(user)
    assert client.get(reverse("cases:account", args=[record.pk])).status_code in (403, 404)
    page = client.get(reverse("cases:detail", args=[case.pk]))
    assert "问责" not in page.content.decode()
    with pytest.raises(MoveRefused, match="街道或区县"):
        raise_account(case=case, by=user, kind="remind", ground="other", text="试试")


def test_the_pages_of_the_upper_level(town: Town, client: Any) -> None:
    case = _late(town)
    record = Accountability.objects.get()
    client.force_login(town.users["dispatcher"])
    assert "建议问责" in client.get("/").content.decode()
    page = client.get(reverse("cases:accounts"), {"state": "proposed"})
    assert case.case_no in page.content.decode()
    assert page.context["count"] == 1
    detail = client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert reverse("cases:account", args=[record.pk]) in detail
    address = reverse("cases:account", args=[record.pk])
    bad = client.post(address, {"kind": "remind", "text": ""})
    assert bad.status_code == 400
    good = client.post(address, {"kind": "remind", "text": "书面提醒，三日内办结。"}, follow=True)
    assert "已决定：提醒" in good.content.decode()
    again = client.post(address, {"kind": "talk", "text": "再来"}, follow=True)
    assert "已有决定" in again.content.decode()
    new = client.get(reverse("cases:account_new", args=[case.pk]))
    assert [value for value, _ in new.context["form"].fields["kind"].choices] == ["talk", "named"]
    file = client.get(reverse("cases:accounts"), {"export": "1", "state": "issued"})
    assert file["Content-Disposition"].endswith(".xlsx") or "xlsx" in file["Content-Disposition"]
    wrong = client.get(reverse("cases:accounts"), {"month": "2026-77"})
    assert wrong.status_code == 400


def test_the_district_reads_and_raises_too(town: Town, client: Any) -> None:
    case = _late(town)
    user = town.users["district_official"]
    client.force_login(user)
    assert Accountability.objects.visible_to(user).count() == 1
    assert client.get(reverse("cases:accounts")).status_code == 200
    form = {"kind": "named", "ground": "overdue", "text": "全区通报。"}
    address = reverse("cases:account_new", args=[case.pk])
    assert client.get(address).status_code == 200
    answer = client.post(address, form, follow=True)
    assert "已记入问责记录：通报" in answer.content.decode()


def test_a_false_closing_is_held_to_account_afterwards(town: Town, client: Any) -> None:
    case = Story(town).closed().case
    client.force_login(town.users["dispatcher"])
    page = client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert "记入问责记录" in page
    form = {"kind": "remind", "ground": "false_result", "text": "照片不是这一处。"}
    client.post(reverse("cases:account_new", args=[case.pk]), form)
    assert Accountability.objects.get().subject == town.department.name


def test_photos_prove_a_record_and_stay_with_the_upper_level(town: Town, client: Any) -> None:
    case = Story(town).closed().case
    client.force_login(town.users["dispatcher"])
    form = {"kind": "remind", "ground": "false_result", "text": "照片不是这一处。"}
    address = reverse("cases:account_new", args=[case.pk])
    bad = client.post(address, form | {"photos": [io.BytesIO(b"no picture")]})
    assert bad.status_code == 400 and "第 1 张" in bad.content.decode()
    assert not Accountability.objects.exists()
    page = client.post(address, form | {"photos": [photo(), photo()]}, follow=True)
    kept = list(AccountPhoto.objects.all())
    assert len(kept) == 2
    link = reverse("cases:account_photo", args=[kept[0].pk])
    assert link in page.content.decode()
    assert client.get(link)["Content-Type"] == "image/jpeg"
    for who in ("dept_handler", "other_street_admin"):
        client.force_login(town.users[who])
        assert client.get(link).status_code == 404


def test_the_api_raises_and_decides_for_the_upper_level(town: Town, client: Any) -> None:
    _late(town)
    record = Accountability.objects.get()
    api = "/api/v1/case-accounts/"
    client.force_login(town.users["dept_handler"])
    assert client.get(api).status_code == 403
    client.force_login(town.users["other_street_admin"])
    assert client.get(f"{api}{record.pk}/").status_code == 404
    client.force_login(town.users["dispatcher"])
    assert [one["id"] for one in client.get(api, {"state": "proposed"}).json()["results"]] == [
        record.pk
    ]
    decide = f"{api}{record.pk}/decide/"
    refused = client.post(decide, {"kind": "talk", "text": " "}, "application/json")
    assert refused.status_code == 400
    done = client.post(decide, {"kind": "talk", "text": "约谈负责人。", "photos": [photo()]})
    assert done.status_code == 200, done.content
    assert (done.json()["kind_label"], len(done.json()["photos"])) == ("约谈", 1)
    again = client.post(decide, {"kind": "named", "text": "再来"}, "application/json")
    assert again.status_code == 409
    given = {"case": record.case_id, "kind": "named", "ground": "overdue", "text": "仍未办结。"}
    assert client.post(api, given, "application/json").status_code == 201
    softer = client.post(api, given | {"kind": "remind"}, "application/json")
    assert softer.status_code == 400 and "kind" in softer.json()["fields"]


def test_photos_go_when_they_have_been_kept_long_enough(
    client: Any, town: Town, media: Path, settings: Any
) -> None:
    """Of the case with the case, of a record as long from its decision; what is open keeps them all."""
    story = Story(town, now=NOON, photos=[photo()]).closed()
    still = Story(town, now=NOON, photos=[photo()]).handling().case
    record = raise_account(
        case=story.case, by=town.users["dispatcher"], kind="talk", ground="other", text="拖延",
        photos=[photo()], now=NOON + timedelta(days=300),
    )  # fmt: skip
    mine, theirs, proof = (
        story.case.attachments.get(), still.attachments.get(), record.photos.get()
    )  # fmt: skip
    files = [Path(one.file.path) for one in (mine, theirs, proof)]
    assert erase_old_photos(NOON + timedelta(days=5 * 365)) == 0
    assert erase_old_photos(NOON + timedelta(days=5 * 366)) == 1
    assert [file.exists() for file in files] == [False, True, True]
    mine.refresh_from_db()
    assert mine.is_erased and mine.sha256 and mine.size
    client.force_login(town.users["dispatcher"])
    page = client.get(reverse("cases:detail", args=[story.case.pk]))
    assert "已到保存期限，文件已清除" in page.content.decode()
    assert client.get(reverse("cases:attachment", args=[mine.pk])).status_code == 404
    assert erase_old_photos(NOON + timedelta(days=6 * 366)) == 1
    assert erase_old_photos(NOON + timedelta(days=6 * 366)) == 0
    assert not files[2].exists()
    assert AuditEntry.objects.filter(action="case.erase_photos").count() == 2
