"""Funds that cannot be overspent, trainings counted in three ways, patrols that become cases."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from cases.catalog import Source
from cases.models import Case, Category
from councils.work import open_work
from gridparty.lib.china_time import SHANGHAI
from orgs.levels import PostKind
from orgs.models import OrgPost
from partybuilding import services
from partybuilding.models import FundAllocation, FundLine, Patrol, Photo, Training
from partybuilding.views.funds import ten_thousands
from tests.cases.cast import photo
from tests.councils.cast import council_of, topic_of
from tests.town import person_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 10, 12, 0, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _media(media):
    return media


def refuses(words):
    return pytest.raises(ValidationError, match=words)


def fund(town, **more):
    facts = {
        "org": town.community, "source": "city", "purpose": "activity", "year": 2026,
        "amount": Decimal("10000.00"), "title": "网格活动经费", "allotted_on": date(2026, 3, 1),
        "by": town.users["community_staff"],
    }  # fmt: skip
    return services.allot(**{**facts, **more})


def spend(town, allocation, amount="4000.00", **more):
    facts = {"what": "宣传栏", "amount": Decimal(amount), "by": town.users["community_staff"]}
    return services.plan_spending(allocation=allocation, **{**facts, **more})


def test_a_fund_is_not_overspent(town):
    one = fund(town)
    first = spend(town, one)
    spend(town, one, "6000.00")
    with refuses("还剩 0.00 元"):
        spend(town, one, "0.01")
    services.cancel_spending(fund_line=first, by=town.users["community_staff"])
    with refuses("还剩 4,000.00 元"):
        spend(town, one, "4000.01")
    spend(town, one, "4000.00")
    sums = FundAllocation.objects.with_sums().get()
    assert (sums.committed, sums.paid, sums.balance) == (10000, 0, 0)


@pytest.mark.parametrize("amount", ["0", "-5", "1000000000"])
def test_an_amount_is_a_sum_of_money(town, amount):
    with refuses("请填写金额"):
        fund(town, amount=Decimal(amount))


def test_paying_needs_another_person_and_a_day_that_has_come(town):
    line = spend(town, fund(town))
    secretary = town.users["community_secretary"]
    with pytest.raises(PermissionDenied):
        services.pay(fund_line=line, on=date(2026, 4, 1), by=town.users["community_staff"])
    with refuses("今天以后"):
        services.pay(fund_line=line, on=timezone.localdate() + timedelta(days=1), by=secretary)
    with refuses("早于下达"):
        services.pay(fund_line=line, on=date(2026, 2, 1), by=secretary)
    own = services.plan_spending(
        allocation=fund(town, org=town.street, by=town.users["street_admin"]), what="阵地",
        amount=Decimal(5), by=town.users["street_admin"],
    )  # fmt: skip
    with refuses("另一位同志"):
        services.pay(fund_line=own, on=date(2026, 4, 1), by=town.users["street_admin"])
    services.pay(fund_line=line, on=date(2026, 4, 1), by=secretary)
    for act in (
        lambda: services.pay(fund_line=line, on=date(2026, 4, 1), by=secretary),
        lambda: services.cancel_spending(fund_line=line, by=secretary),
    ):
        with refuses("已经支出或撤销"):
            act()


def test_a_topic_is_open_while_its_money_is_not_spent(town):
    topic = topic_of(council_of(town))
    line = spend(town, fund(town), topic=topic)
    assert open_work(topic) == ["经费：宣传栏"]
    services.pay(fund_line=line, on=date(2026, 4, 1), by=town.users["community_secretary"])
    assert open_work(topic) == []
    with refuses("不在本街道"):
        other = fund(town, org=town.other_street, by=None)
        services.plan_spending(allocation=other, what="x", amount=Decimal(1), by=None, topic=topic)


@pytest.mark.parametrize(
    ("who", "sees"),
    [("community_staff", 1), ("street_admin", 2), ("branch_secretary", 1), ("grid_head", 1),
     ("district_official", 3), ("other_street_admin", 1), ("dispatcher", 0), ("partner_unit", 0)],
)  # fmt: skip
def test_who_sees_how_many_funds(town, who, sees):
    for org in (town.community, town.street, town.other_street):
        fund(town, org=org, by=None)
    assert FundAllocation.objects.visible_to(town.users[who]).count() == sees


def test_allotting_stays_in_ones_own_area(town):
    for who, org in (("community_staff", town.street), ("community_staff", town.sister_community),
                     ("other_street_admin", town.community), ("branch_secretary", town.community)):  # fmt: skip
        with pytest.raises(PermissionDenied):
            fund(town, org=org, by=town.users[who])


def test_ten_thousands():
    assert ten_thousands(Decimal(2670000)) == "267"
    assert ten_thousands(Decimal("12345.00")) == "1.2345"
    assert ten_thousands(None) == "0"


def leaders(town):
    for key, kind in (("branch_secretary", "secretary"), ("grid_head", "publicity")):
        OrgPost.objects.create(
            person=person_of(town.users[key]), org_unit=town.branch, kind=PostKind(kind),
            start=date(2025, 1, 1),
        )  # fmt: skip
    return [person_of(town.users[key]) for key in ("branch_secretary", "grid_head")]


def training(town, **more):
    facts = {
        "org": town.community, "topic": "网格党务", "kind": "class", "held_on": date(2026, 5, 1),
        "hours": Decimal(3), "place": "党校", "people": leaders(town),
        "by": town.users["community_staff"], "now": NOW,
    }  # fmt: skip
    return services.record_training(**{**facts, **more})


@pytest.mark.parametrize(
    ("more", "words"),
    [({"held_on": date(2026, 6, 11)}, "还没有办"), ({"people": []}, "至少选一位"),
     ({"hours": Decimal(0)}, "学时"), ({"topic": " "}, "主题")],
)  # fmt: skip
def test_a_training_is_proved_or_refused(town, more, words):
    with refuses(words):
        training(town, **more)
    assert Training.objects.count() == 0


def test_sessions_person_times_persons_and_hours(town, enter):
    one = training(town)
    services.record_training(
        org=town.community, topic="调解", kind="lecture", held_on=date(2026, 5, 8), hours=Decimal(2),
        place="会议室", people=[person_of(town.users["grid_head"])], by=None, now=NOW,
    )  # fmt: skip
    client = enter("community_secretary")
    answer = client.get(reverse("partybuilding:trainings") + "?year=2026")
    assert [figure.value for figure in answer.context["figures"]] == [2, 3, 2, 8]
    people = client.get(reverse("partybuilding:training_people") + "?year=2026")
    assert people.context["page"].count == 2
    times = {row["cells"][1]["value"]: row["cells"][2]["value"] for row in people.context["rows"]}
    assert times == {1: "3", 2: "5"}
    for name, args in (("training", [one.pk]), ("training_new", [])):
        assert client.get(reverse(f"partybuilding:{name}", args=args)).status_code == 200
    assert (
        enter("grid_head").get(reverse("partybuilding:training", args=[one.pk])).status_code == 200
    )
    with pytest.raises(PermissionDenied):
        training(town, by=town.users["branch_secretary"])


def patrol(town, **more):
    facts = {"grid": town.grid, "route": "1栋楼道", "minutes": 30, "by": town.users["grid_head"]}
    return services.record_patrol(**{**facts, **more})


def test_a_patrol_becomes_a_case_in_one_tap(town):
    category = Category.objects.get(slug="suggestion").pk
    one = patrol(town, finding="三楼楼道堆放纸箱", category=str(category), photos=[photo()])
    assert one.case is not None
    assert (one.case.grid, one.case.source) == (town.grid, Source.MEMBER)
    assert one.case.attachments.count() == 1
    quiet = patrol(town, photos=[photo()])
    assert quiet.case is None
    assert Photo.objects.filter(subject="patrol", row=quiet.pk).count() == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [({"minutes": 0}, "时长"), ({"route": ""}, "路线"),
     ({"at": timezone.now() + timedelta(hours=1)}, "还没有到"),
     ({"at": timezone.now() - timedelta(days=9)}, "7 天以内")],
)  # fmt: skip
def test_a_patrol_that_cannot_be_is_refused(town, more, words):
    with refuses(words):
        patrol(town, **more)


def test_a_case_needs_words_and_a_refused_one_leaves_nothing(town):
    category = Category.objects.get(slug="suggestion").pk
    with refuses("发现了什么"):
        patrol(town, category=str(category))
    with refuses("类别"):
        patrol(town, finding="堆物", category="999999")
    assert Patrol.objects.count() == 0 and Case.objects.count() == 0


def test_patrols_stay_in_ones_own_grids(town):
    with pytest.raises(PermissionDenied):
        patrol(town, grid=town.other_grid)
    with pytest.raises(PermissionDenied):
        patrol(town, by=town.users["partner_unit"])


@pytest.mark.parametrize("who", ["other_street_admin", "other_community_staff", "other_grid_head"])
def test_outsiders_get_404(town, enter, who):
    money, course, walk = fund(town), training(town), patrol(town)
    line = spend(town, money)
    client = enter(who)
    for name, pk in (
        ("fund", money.pk), ("training", course.pk), ("patrol", walk.pk), ("fund_pay", line.pk),
        ("fund_line_new", money.pk),
    ):  # fmt: skip
        assert client.get(reverse(f"partybuilding:{name}", args=[pk])).status_code in (403, 404), (
            name
        )
        assert (
            "宣传栏" not in client.get(reverse(f"partybuilding:{name}", args=[pk])).content.decode()
        )


def test_the_pages_open_export_and_count(town, enter, django_assert_max_num_queries):
    money, walk = fund(town), patrol(town, finding="堆物")
    training(town)
    spend(town, money)
    client = enter("community_secretary")
    pages = [
        ("funds", []), ("fund", [money.pk]), ("fund_pay", [FundLine.objects.get().pk]),
        ("patrols", []), ("patrol", [walk.pk]), ("patrol_new", []), ("trainings", []),
    ]  # fmt: skip
    for name, args in pages:
        assert client.get(reverse(f"partybuilding:{name}", args=args)).status_code == 200, name
    for name in ("fund_new", "fund_line_new"):
        args = [money.pk] if name == "fund_line_new" else []
        assert (
            enter("community_staff").get(reverse(f"partybuilding:{name}", args=args)).status_code
            == 200
        )
    for name in ("funds", "patrols", "trainings", "training_people"):
        answer = client.get(reverse(f"partybuilding:{name}") + "?file=xlsx")
        assert b"".join(answer)[:2] == b"PK", name
    shown = client.get(reverse("partybuilding:funds")).content.decode()
    assert "共 1 万元" in shown and "余额 0.6 万元" in shown
    for figure in client.get(reverse("partybuilding:patrols")).context["figures"]:
        assert client.get(figure.url).context["page"].count == figure.value, figure.label
    counts = {}
    lists = [reverse(f"partybuilding:{n}") for n in ("funds", "patrols", "trainings")]
    for page in lists:
        with django_assert_max_num_queries(80) as seen:
            client.get(page)
        counts[page] = len(seen)
    for number in range(3):
        patrol(town, route=f"{number}栋")
        spend(town, fund(town, title=f"经费{number}"))
        services.record_training(
            org=town.community, topic=f"课{number}", kind="class", held_on=date(2026, 5, 2), by=None,
            hours=Decimal(1), place="党校", people=[person_of(town.users["grid_head"])], now=NOW,
        )  # fmt: skip
    for page in lists:
        with django_assert_max_num_queries(counts[page]):
            client.get(page)
