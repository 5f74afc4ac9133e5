"""联点共建 and 五联共治: refusals, coverage, the five axes, quarter's end, scope, figures."""

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from gridparty.lib.china_time import SHANGHAI
from gridparty.lib.periods import Quarter
from notices.models import Notification
from partybuilding import services
from partybuilding.axes import axes_of, shape_of
from partybuilding.catalog import Dimension
from partybuilding.models import Alliance, JointRecord, Pairing, Photo
from partybuilding.services.joint import silent_dimensions
from tests.cases.cast import photo

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 20, 12, 0, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _media(media):
    return media


def refuses(words):
    return pytest.raises(ValidationError, match=words)


def pairing(town, **more):
    today = timezone.localdate()
    facts = {
        "unit": town.partner, "grid": town.grid, "start": today - timedelta(days=300),
        "end": today + timedelta(days=20), "contact": "联络员甲", "by": town.users["community_staff"],
    }  # fmt: skip
    return services.pair(**{**facts, **more})


def alliance_of(town):
    return services.found_alliance(
        community=town.community, name="幸福党建联盟", chair="王书记", founded_on=date(2026, 1, 5),
        by=town.users["community_secretary"], units=[town.partner],
    )  # fmt: skip


def joint(town, alliance, **more):
    facts = {
        "kind": "activity", "dimension": "charity", "title": "义诊", "text": "免费量血压六十人次。",
        "held_on": date(2026, 5, 10), "people": 30, "units": [town.partner], "photos": [photo()],
        "by": town.users["community_staff"], "now": NOW,
    }  # fmt: skip
    return services.record_joint(alliance=alliance, **{**facts, **more})


def test_a_pairing_with_dates_reversed_or_twice_is_refused(town):
    one = pairing(town)
    with refuses("晚于开始日期"):
        pairing(town, grid=town.sister_grid, end=date(2020, 1, 1))
    with refuses("已经结对"):
        pairing(town)
    with refuses("联络员"):
        pairing(town, grid=town.sister_grid, contact=" ")
    with refuses("应晚于"):
        services.renew(pairing=one, end=one.end, by=town.users["community_staff"])
    with refuses("不能早于"):
        services.end_pairing(
            pairing=one, on=date(2020, 1, 1), reason="调整", by=town.users["community_staff"]
        )
    services.renew(pairing=one, end=date(2030, 1, 1), by=town.users["community_staff"])
    services.end_pairing(
        pairing=one, on=timezone.localdate(), reason="调整", by=town.users["community_staff"]
    )
    with refuses("已经解除"):
        services.renew(pairing=one, end=date(2031, 1, 1), by=town.users["community_staff"])


@pytest.mark.parametrize("who", ["partner_unit", "grid_head", "other_street_admin", "dispatcher"])
def test_pairing_is_the_communitys(town, who):
    with pytest.raises(PermissionDenied):
        pairing(town, by=town.users[who])


def test_coverage_and_gaps_equal_their_lists(town, enter):
    pairing(town)
    client = enter("community_staff")
    answer = client.get(reverse("partybuilding:pairings"))
    for figure in answer.context["figures"]:
        if figure.unit != "%":
            assert client.get(figure.url).context["page"].count == figure.value, figure.label
    gaps = client.get(reverse("partybuilding:pairing_gaps"))
    assert [row["cells"][0]["value"] for row in gaps.context["rows"]] == [town.sister_grid.name]
    assert "50%（1/2）" in gaps.content.decode()


def test_running_out_is_told_once(town):
    one = pairing(town)
    today = timezone.localdate()
    assert services.watch_joint(today=today) == 1
    services.watch_joint(today=today + timedelta(days=3))
    staff = town.users["community_staff"]
    assert Notification.objects.filter(user=staff, kind="pairing.soon").count() == 1
    services.watch_joint(today=one.end + timedelta(days=8))
    assert Notification.objects.filter(user=staff, kind="pairing.gone").count() == 1


def test_the_agreement_is_sealed_and_each_look_is_written_down(town, enter):
    one = pairing(town)
    staff = enter("community_staff")
    page = reverse("partybuilding:pairing_form", args=[one.pk, "agreement"])
    refused = staff.post(page, {"file": BytesIO(b"MZ program")})
    assert refused.status_code == 400
    file = BytesIO(b"%PDF-1.4 agreement")
    file.name = "a.pdf"
    assert staff.post(page, {"file": file}).status_code == 302
    answer = enter("partner_unit").get(reverse("partybuilding:pairing_agreement", args=[one.pk]))
    assert answer.content == b"%PDF-1.4 agreement"


def test_one_alliance_a_community(town):
    alliance_of(town)
    with refuses("已有党建联盟"):
        alliance_of(town)
    one = Alliance.objects.get()
    with refuses("已在联盟"):
        services.join(alliance=one, unit=town.partner, start=date(2026, 3, 1), by=None)
    with refuses("不能早于联盟成立"):
        services.join(alliance=one, unit=town.department, start=date(2025, 3, 1), by=None)
    with pytest.raises(PermissionDenied):
        services.join(
            alliance=one, unit=town.department, start=date(2026, 3, 1),
            by=town.users["branch_secretary"],
        )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"held_on": date(2026, 5, 21)}, "held_on", "还没有办"),
        ({"held_on": date(2025, 12, 1)}, "held_on", "早于联盟成立"),
        ({"photos": []}, "photos", "至少上传一张"),
        ({"units": []}, "units", "至少一家"),
        ({"people": 0}, "people", "参加人数"),
        ({"dimension": "x"}, "dimension", "五联"),
        ({"text": ""}, "text", "情况"),
    ],
)
def test_a_record_is_proved_or_refused(town, more, field, words):
    alliance = alliance_of(town)
    with refuses(words) as caught:
        joint(town, alliance, **more)
    assert field in caught.value.message_dict
    assert JointRecord.objects.count() == 0


def test_a_plan_and_what_was_done_of_it(town):
    alliance = alliance_of(town)
    with refuses("年内"):
        services.plan(
            alliance=alliance, year=2026, dimension="party", content="联合党课", by=None,
            due=date(2027, 1, 1),
        )  # fmt: skip
    item = services.plan(
        alliance=alliance, year=2026, dimension="charity", content="义诊四次", by=None,
        due=date(2026, 12, 1), lead=town.partner,
    )  # fmt: skip
    with refuses("不属于所选的联建"):
        joint(town, alliance, item=item, dimension="party")
    joint(town, alliance, item=item)
    assert item.records.count() == 1
    assert Photo.objects.filter(subject="joint").count() == 1


def test_both_sides_judge_once(town):
    alliance = alliance_of(town)
    facts = {
        "alliance": alliance, "unit": town.partner, "year": 2026, "half": "first", "grade": "good",
        "comment": "配合好", "now": NOW,
    }  # fmt: skip
    services.review(side="community", by=town.users["community_staff"], **facts)
    services.review(side="unit", by=town.users["partner_unit"], **facts)
    with refuses("已经评价"):
        services.review(side="unit", by=town.users["partner_unit"], **facts)
    with pytest.raises(PermissionDenied):
        services.review(side="unit", by=town.users["dept_handler"], **facts)
    with pytest.raises(PermissionDenied):
        services.review(side="community", by=town.users["partner_unit"], **facts)


def test_a_silent_dimension_is_told_after_the_quarter_also_a_week_late(town):
    alliance = alliance_of(town)
    joint(town, alliance)
    quarter = Quarter(2026, 2)
    assert "公益联办" not in silent_dimensions([alliance], quarter)[alliance.pk]
    assert len(silent_dimensions([alliance], quarter)[alliance.pk]) == 4
    staff = town.users["community_staff"]
    for day in (date(2026, 7, 8), date(2026, 7, 9), date(2026, 9, 30)):
        services.watch_joint(today=day)
    told = Notification.objects.get(user=staff, kind="joint.silent")
    assert "党建联抓" in told.text and "公益联办" not in told.text
    services.watch_joint(today=date(2026, 10, 1))
    assert Notification.objects.filter(user=staff, kind="joint.silent").count() == 2


def test_the_five_axes():
    axes = axes_of({"party": 2, "charity": 1})
    assert [axis.count for axis in axes] == [2, 0, 1, 0, 0]
    assert axes[0].y < axes[2].y
    assert len(shape_of(axes).split()) == len(Dimension)
    assert axes_of({})[0].x == 120


@pytest.mark.parametrize("who", ["other_street_admin", "other_community_staff", "other_grid_head"])
def test_outsiders_get_404(town, enter, who):
    alliance = alliance_of(town)
    done, one = joint(town, alliance), pairing(town)
    client = enter(who)
    picture = Photo.objects.get(subject="joint")
    for name, pk in (
        ("alliance", alliance.pk), ("joint_record", done.pk), ("pairing", one.pk), ("photo", picture.pk),
        ("pairing_agreement", one.pk), ("alliance_member_end", alliance.members.get().pk),
    ):  # fmt: skip
        assert client.get(reverse(f"partybuilding:{name}", args=[pk])).status_code == 404, name
    for name in ("alliances", "pairings", "joint_records"):
        assert client.get(reverse(f"partybuilding:{name}")).context["page"].count == 0


def test_units_read_what_they_are_part_of(town, enter):
    alliance, one = alliance_of(town), pairing(town)
    unit, stranger = enter("partner_unit"), enter("dept_handler")
    for name, pk in (("alliance", alliance.pk), ("pairing", one.pk)):
        page = reverse(f"partybuilding:{name}", args=[pk])
        assert unit.get(page).status_code == 200
        assert stranger.get(page).status_code == 404
    record = reverse("partybuilding:alliance_form", args=[alliance.pk, "record"])
    assert unit.get(record).status_code == 403
    judge = reverse("partybuilding:alliance_form", args=[alliance.pk, "judge"])
    assert unit.get(judge).status_code == 200
    for name in ("branch_secretary", "grid_head"):
        assert Alliance.objects.visible_to(town.users[name]).count() == 1


def test_the_pages_open_and_export(town, enter):
    alliance, one = alliance_of(town), pairing(town)
    done = joint(town, alliance)
    client = enter("community_secretary")
    pages = [
        ("alliance", [alliance.pk]), ("alliance_new", []), ("joint_record", [done.pk]),
        ("pairing", [one.pk]), ("pairing_new", []), ("alliance_member_end", [alliance.members.get().pk]),
        *(("pairing_form", [one.pk, name]) for name in ("renew", "end", "agreement")),
        *(("alliance_form", [alliance.pk, name]) for name in ("member", "plan", "record", "review")),
    ]  # fmt: skip
    for name, args in pages:
        assert client.get(reverse(f"partybuilding:{name}", args=args)).status_code == 200, name
    for name in ("alliances", "joint_records", "pairings", "pairing_gaps"):
        answer = client.get(reverse(f"partybuilding:{name}") + "?file=xlsx")
        assert b"".join(answer)[:2] == b"PK", name
    typed = {
        "kind": "meeting", "dimension": "party", "title": "联席会", "held_on": "2026-02-30",
        "people": "8", "units": [town.partner.pk], "text": "商定计划",
    }  # fmt: skip
    page = reverse("partybuilding:alliance_form", args=[alliance.pk, "record"])
    refused = client.post(page, typed)
    assert refused.status_code == 400 and "商定计划" in refused.content.decode()
    kept = client.post(page, {**typed, "held_on": "2026-02-20", "photos": photo()})
    assert kept.status_code == 302
    for figure in client.get(reverse("partybuilding:alliances")).context["figures"]:
        if figure.unit != "家":
            assert client.get(figure.url).context["page"].count == figure.value, figure.label


def test_lists_cost_the_same_with_more_rows(town, enter, django_assert_max_num_queries):
    alliance = alliance_of(town)
    # Two members: a filter with one choice only is not shown, and costs nothing.
    services.join(alliance=alliance, unit=town.department, start=date(2026, 2, 1), by=None)
    joint(town, alliance)
    pairing(town)
    client = enter("street_admin")
    pages = [reverse(f"partybuilding:{n}") for n in ("alliances", "joint_records", "pairings")]
    pages.append(reverse("partybuilding:alliance", args=[alliance.pk]))
    counts = {}
    for page in pages:
        client.get(page)
        with django_assert_max_num_queries(80) as seen:
            client.get(page)
        counts[page] = len(seen)
    services.join(alliance=alliance, unit=town.second_department, start=date(2026, 2, 1), by=None)
    for day in range(1, 5):
        joint(town, alliance, held_on=date(2026, 3, day), units=[town.partner, town.department])
    pairing(town, grid=town.sister_grid)
    pairing(town, unit=town.department)
    for page in pages:
        with django_assert_max_num_queries(counts[page]):
            client.get(page)
    assert Pairing.objects.count() == 3
