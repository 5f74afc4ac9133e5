"""Questions: what each detector sees and does not see, who answers, and that nothing is deducted."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from PIL import Image

from assessments.detectors import DETECTORS
from assessments.models import Adjustment, Doubt, PhotoPrint
from assessments.services import answer_doubt, search
from cases.models import Attachment, Case, Category, Revisit, RevisitDraw
from cases.services import report_case
from cases.services.retention import erase_old_photos
from gridparty.lib.china_time import SHANGHAI
from gridparty.lib.dhash import SAME, dhash, distance
from notices.models import Notification
from orgs.models import AuditEntry
from residents.models import Visit
from tests.town import Town

NOW = datetime(2026, 10, 2, 4, 30, tzinfo=SHANGHAI)
SEPTEMBER = datetime(2026, 9, 5, 9, tzinfo=SHANGHAI)
WORDS = ("单元门口堆放纸箱影响通行", "花坛边的路灯夜里不亮", "三楼窗户玻璃松动有风险", "井盖翘起来容易绊倒人",
         "健身器材螺丝掉了两颗", "垃圾桶满了没有人清运", "消防通道停了一辆面包车", "楼顶水箱溢水流到墙面")  # fmt: skip


def picture(seed: int, *, size: tuple[int, int] = (320, 240), quality: int = 85) -> io.BytesIO:
    """Return a JPEG of blocks of grey: the same seed is the same motive, whatever size and quality."""
    from random import Random

    rng = Random(seed)
    small = Image.new("L", (16, 12))
    small.putdata([rng.randrange(256) for _ in range(16 * 12)])
    file = io.BytesIO()
    small.resize(size, Image.Resampling.BICUBIC).convert("RGB").save(file, "JPEG", quality=quality)
    file.seek(0)
    return file


def reported(town: Town, number: int, **more: Any) -> Case:
    facts: dict[str, Any] = {
        "by": town.users["grid_head"], "text": WORDS[number % len(WORDS)], "grid": town.grid,
        "category": Category.objects.filter(level="grid", needs_photo=False)[0], "source": "patrol",
        "now": SEPTEMBER + timedelta(hours=7 * number),
    }  # fmt: skip
    return report_case(**facts | more)


def found(code: str) -> list[Doubt]:
    search(NOW)
    return list(Doubt.objects.filter(detector=code))


# ---- the print of a photo ----


def test_the_same_photo_made_smaller_or_saved_anew_has_nearly_the_same_print() -> None:
    for seed in range(40):
        first = dhash(picture(seed))
        for other in (picture(seed, size=(160, 120)), picture(seed, quality=30)):
            assert distance(first, dhash(other)) <= SAME, seed
    prints = [dhash(picture(seed)) for seed in range(40)]
    near = [
        (one, other)
        for one in range(40)
        for other in range(one)
        if distance(prints[one], prints[other]) <= SAME
    ]
    assert near == []


def test_a_plain_wall_or_no_picture_has_no_print() -> None:
    file = io.BytesIO()
    Image.new("RGB", (200, 100), "#cccccc").save(file, "JPEG")
    file.seek(0)
    assert dhash(file) == ""
    assert dhash(io.BytesIO(b"%PDF-1.4 no picture")) == ""


# ---- the detectors ----


def test_one_photo_for_several_cases_is_asked_about_once(town: Town) -> None:
    for number in range(3):
        reported(town, number, photos=[picture(1, quality=90 - 20 * number)])
    reported(town, 3, photos=[picture(2)])
    later = {"now": NOW - timedelta(hours=1), "photos": [picture(1, size=(200, 150))]}
    (doubt,) = found("photo")
    assert (doubt.grid, doubt.words) == (town.grid, "同一张照片用在 3 处记录")
    assert len(doubt.evidence["case"]) == 3
    reported(town, 4, grid=town.sister_grid, by=town.users["sister_grid_head"], **later)
    first, copy = found("photo")  # whoever copied it is asked, and the first is not asked again
    assert (copy.grid, len(copy.evidence["case"])) == (town.sister_grid, 2)
    assert len(first.evidence["case"]) == 3
    assert PhotoPrint.objects.count() == 5


def test_the_same_photo_before_and_after_is_asked_about(town: Town) -> None:
    case = reported(town, 0, photos=[picture(5)])
    twice = Attachment.objects.get(case=case)
    twice.pk, twice.move = None, "feedback"
    twice.save()
    (doubt,) = found("photo")
    assert doubt.words == "办理前后用了同一张照片"


def test_photos_of_residents_are_not_compared(town: Town) -> None:
    for number in range(2):
        reported(town, number, by=None, source="web", photos=[picture(5)])
    assert found("photo") == []
    assert not PhotoPrint.objects.exists()


def test_two_photos_of_one_step_are_none_of_it(town: Town) -> None:
    reported(town, 0, photos=[picture(5), picture(5, quality=60)])
    assert found("photo") == []


def test_a_photo_gone_from_the_store_stops_nothing(town: Town) -> None:
    case = reported(town, 0, photos=[picture(5)])
    kept = Attachment.objects.get(case=case)
    kept.file.storage.delete(str(kept.file.name))
    assert found("photo") == []


def test_photos_erased_after_years_stop_nothing(town: Town) -> None:
    old = Attachment.objects.get(case=reported(town, 0, photos=[picture(5)]))
    Case.objects.filter(pk=old.case_id).update(
        ended_at=NOW - timedelta(days=366 * (settings.KEEP_PHOTOS_YEARS + 1))
    )
    assert erase_old_photos(NOW) == 1
    reported(town, 1, photos=[picture(6)])
    assert found("photo") == []
    assert PhotoPrint.objects.count() == 1, "the new one has its print, the erased one needs none"


def test_a_month_entered_in_its_last_days_is_asked_about(town: Town) -> None:
    last = datetime(2026, 9, 29, 9, tzinfo=SHANGHAI)
    for number in range(8):
        reported(town, number, now=last + timedelta(hours=number))
        Visit.objects.create(
            household=town.households[0], visitor=town.users["grid_worker_ft"], day=SEPTEMBER.date(),
            outcome="home", created_at=last,
        )  # fmt: skip
    doubts = found("burst")
    assert {doubt.words for doubt in doubts} == {
        "2026年9月登记 8 件事项，其中 8 件在最后 3 天", "2026年9月登记 8 次走访，其中 8 次在最后 3 天",
    }  # fmt: skip
    assert {tuple(doubt.evidence) for doubt in doubts} == {("case",), ("visit",)}


def test_work_spread_over_the_month_is_not(town: Town) -> None:
    for number in range(20):
        reported(town, number, now=SEPTEMBER + timedelta(days=number))
    assert found("burst") == []


def test_closed_in_minutes_is_asked_about_when_it_is_the_rule(town: Town) -> None:
    cases = [reported(town, number) for number in range(4)]
    for case in cases[:2]:
        Case.objects.filter(pk=case.pk).update(fed_back_at=case.created_at + timedelta(minutes=4))
    assert found("quick") == []  # two may happen
    Case.objects.filter(pk=cases[2].pk).update(
        fed_back_at=cases[2].created_at + timedelta(minutes=9)
    )
    (doubt,) = found("quick")
    assert doubt.evidence == {"case": [case.pk for case in cases[:3]]}


def test_texts_from_a_template_are_asked_about(town: Town) -> None:
    for number in range(4):
        reported(town, 0, text=f"巡查发现{number + 1}栋楼道堆放杂物，已劝导清理！")
    reported(town, 1)
    (doubt,) = found("template")
    assert len(doubt.evidence["case"]) == 4
    assert doubt.words == "2026年9月有 4 件事项的描述几乎相同"


def test_a_residents_own_words_are_no_template(town: Town) -> None:
    for _ in range(6):
        reported(town, 0, by=None, source="web", text="楼道堆放杂物影响通行，请清理")
    assert found("template") == []


def test_numbers_nobody_answers_are_asked_about(town: Town) -> None:
    draw = RevisitDraw.objects.create(
        month="2026-09", grid=town.grid, population=4, quota=4, seed="0"
    )
    for number in range(4):
        case = reported(town, number, reporter_phone=f"1380013800{number}")
        Revisit.objects.create(
            case=case, draw=draw, month="2026-09", locks_at=NOW,
            state="unreached" if number else "done",
        )  # fmt: skip
    (doubt,) = found("unreached")
    assert doubt.words == "2026年9月抽中回访 4 件，3 件的联系电话打不通"


# ---- the sweep ----


def test_a_second_night_finds_nothing_new_and_what_grew_is_asked_again(town: Town) -> None:
    for number in range(4):
        reported(town, 0, text=f"巡查发现{number + 1}栋楼道堆放杂物，已劝导清理。")
    assert search(NOW) == 1
    assert search(NOW + timedelta(days=1)) == 0
    doubt = Doubt.objects.get()
    letters = Notification.objects.filter(kind="assessment.doubts")
    assert letters.filter(user=town.users["community_secretary"]).count() == 1
    answer_doubt(
        doubt=doubt, name="explain", note="同一天四栋一起清理", by=town.users["community_secretary"]
    )
    search(NOW + timedelta(days=2))
    assert Doubt.objects.get().status == "explained"
    reported(town, 0, text="巡查发现9栋楼道堆放杂物，已劝导清理。")
    assert search(NOW + timedelta(days=3)) == 0
    doubt.refresh_from_db()
    assert (doubt.status, len(doubt.evidence["case"])) == ("open", 5)
    assert doubt.steps.last().label == "又有新的，请再看"  # type: ignore[union-attr]
    assert letters.filter(user=town.users["community_secretary"]).count() == 2
    assert AuditEntry.objects.filter(action="doubt.again", target_id=str(doubt.pk)).count() == 1


def test_what_could_not_be_told_is_found_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        reported(town, 0, text=f"巡查发现{number + 1}栋楼道堆放杂物，已劝导清理。")

    def lost(*_: Any) -> None:
        raise OSError

    with monkeypatch.context() as patched, pytest.raises(OSError):
        patched.setattr("assessments.services.doubts.tell_doubts", lost)
        search(NOW)
    assert not Doubt.objects.exists()
    assert search(NOW) == 1


def test_its_queries_do_not_grow(town: Town, django_assert_max_num_queries: Any) -> None:
    for number in range(4):
        for who, grid in (("grid_head", town.grid), ("sister_grid_head", town.sister_grid)):
            case = reported(
                town, 0, by=town.users[who], grid=grid, text=f"巡查发现{number}栋楼道堆放杂物"
            )
            Case.objects.filter(pk=case.pk).update(fed_back_at=case.created_at)
    search(NOW)
    assert Doubt.objects.count() == 4
    Doubt.objects.all().delete()
    with django_assert_max_num_queries(90):
        search(NOW)


# ---- the answers ----


@pytest.fixture
def doubt(town: Town) -> Doubt:
    cases = [reported(town, number) for number in range(2)]
    return Doubt.objects.create(
        detector="quick", key="2026-09", grid=town.grid, district=town.district,
        street=town.street, community=town.community, month="2026-09", words="三件办得很快",
        evidence={"case": [case.pk for case in cases]},
    )  # fmt: skip


def test_everybody_answers_for_his_part_and_nothing_is_deducted(town: Town, doubt: Doubt) -> None:
    users = town.users
    with pytest.raises(PermissionDenied):
        answer_doubt(doubt=doubt, name="explain", note="没事", by=users["grid_head"])
    answer_doubt(doubt=doubt, name="tell", note="当天补录", by=users["grid_head"])
    assert doubt.status == "open"
    with pytest.raises(ValidationError, match="怎么回事"):
        answer_doubt(doubt=doubt, name="explain", note=" ", by=users["community_secretary"])
    answer_doubt(doubt=doubt, name="explain", note="补录属实", by=users["community_secretary"])
    stale = Doubt.objects.get()
    answer_doubt(doubt=doubt, name="doubt", note="请社区看现场", by=users["street_admin"])
    with pytest.raises(ValidationError, match="待核查"):
        answer_doubt(doubt=stale, name="doubt", note="再看", by=users["street_admin"])
    answer_doubt(doubt=doubt, name="check", note="现场属实", by=users["street_admin"])
    assert [step.by for step in doubt.steps.all()] == [
        users[who] for who in ("grid_head", "community_secretary", "street_admin", "street_admin")
    ]
    assert not Adjustment.objects.exists()


def test_its_pages(town: Town, doubt: Doubt, enter: Callable[[str], Client]) -> None:
    secretary = enter("community_secretary")
    page = secretary.get("/assessments/doubts/", {"mine": "on"})
    assert page.context["page"].count == 1
    assert "不自动扣分" in page.content.decode()
    assert secretary.get("/assessments/doubts/", {"detector": "photo"}).context["page"].count == 0
    detail = secretary.get(f"/assessments/doubts/{doubt.pk}/")
    assert len(detail.context["lines"]) == 2 and detail.context["hidden"] == 0
    step = f"/assessments/doubts/{doubt.pk}/explain/"
    assert secretary.post(step, {"note": ""}).status_code == 400
    assert secretary.post(step, {"note": "补录属实"}).status_code == 302
    assert enter("grid_head").get(step).status_code == 403
    home = enter("community_secretary").get("/").content.decode()
    assert "个疑点等您说明" not in home
    file: Any = secretary.get("/assessments/doubts/", {"file": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content))).active
    cells = [cell.value for cell in sheet[4]]
    assert "三件办得很快" in cells and "已说明" in cells


def test_others_do_not_see_it(town: Town, doubt: Doubt, enter: Callable[[str], Client]) -> None:
    for who in ("other_street_admin", "other_grid_head", "sister_grid_head"):
        client = enter(who)
        assert client.get(f"/assessments/doubts/{doubt.pk}/").status_code == 404
        assert client.get("/assessments/doubts/").context["page"].count == 0
    assert enter("volunteer").get("/assessments/doubts/").status_code == 403
    assert enter("street_admin").get(f"/assessments/doubts/{doubt.pk}/nothing/").status_code == 404


def test_every_detector_says_its_limits_and_asks(town: Town) -> None:
    for one in DETECTORS.values():
        assert one.question.endswith("？") and one.rule
