"""Routing rules: which one speaks, why, whose they are, and what they would have done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.models import Case, Category, RoutingRule
from cases.routing import route_of, routes_of
from cases.services.routing import save_rule, switch_rule
from cases.trial import try_rule
from orgs.models import AuditEntry
from tests.cases.cast import Story, reported
from tests.town import Town

NOW = timezone.now


def rule(town: Town, order: int = 10, *, on: bool = True, **more: Any) -> RoutingRule:
    values = {"name": f"第{order}条", "street": town.street, "unit": town.department, **more}
    return RoutingRule.objects.create(order=order, is_active=on, **values)


def category(slug: str) -> Category:
    return Category.objects.get(slug=slug)


def speaking(case: Case) -> int | None:
    route = route_of(Case.objects.for_detail().get(pk=case.pk), timezone.localdate())
    return route.rule.order if route else None


def test_the_first_rule_by_number_speaks(town: Town) -> None:
    rule(town, 20)
    rule(town, 10, category=category("facilities"))
    assert speaking(reported(town, category="facilities-lamp")) == 10
    assert speaking(reported(town, category="sanitation-noise")) == 20


@pytest.mark.parametrize(
    ("more", "speaks"),
    [
        ({"words": "路灯、灯"}, True),
        ({"words": "路灯 灯", "words_mode": "all"}, False),
        ({"words": "楼道，灯", "words_mode": "all"}, True),
        ({"source": "web"}, True),
        ({"source": "hotline"}, False),
        ({"is_active": False}, False),
    ],
)
def test_every_condition_must_hold(town: Town, more: dict[str, Any], speaks: bool) -> None:
    made = rule(town)
    RoutingRule.objects.filter(pk=made.pk).update(**more)
    assert (speaking(reported(town)) is not None) is speaks


def test_places_are_met_from_street_to_grid(town: Town) -> None:
    rule(town, 10, grid=town.sister_grid)
    rule(town, 20, community=town.sister_community)
    rule(town, 30)
    assert speaking(reported(town)) == 30
    assert speaking(reported(town, building=town.sister_building)) == 10
    assert speaking(reported(town, building=town.far_building)) == 20
    assert speaking(reported(town, building=town.other_building)) is None


def test_rules_of_the_installation_speak_everywhere_their_unit_serves(town: Town) -> None:
    rule(town, 10, street=None, unit=town.partner)  # serves the first street only
    rule(town, 20, street=None)
    assert speaking(reported(town)) == 10
    assert speaking(reported(town, building=town.other_building)) == 20


def test_it_is_silent_outside_its_days_and_without_its_unit(town: Town) -> None:
    today = timezone.localdate()
    rule(town, 10, valid_from=today + timedelta(days=1))
    rule(town, 20, valid_until=today - timedelta(days=1))
    last = rule(town, 30, valid_from=today, valid_until=today)
    case = reported(town)
    assert speaking(case) == last.order
    town.department.is_active = False
    town.department.save()
    assert speaking(case) is None


def test_it_says_why(town: Town) -> None:
    rule(
        town, 7, name="路灯归城管", category=category("facilities"), community=town.community,
        words="楼道灯、井盖", source="web",
    )  # fmt: skip
    case = reported(town, category="facilities-lamp")
    route = route_of(Case.objects.for_detail().get(pk=case.pk), timezone.localdate())
    assert route is not None
    assert route.why == (
        "规则 7“路灯归城管”：因为类别是“市政设施”，地点在幸福社区，描述里有“楼道灯”，来源是居民扫码（网页）。"
    )


def test_a_page_of_cases_costs_one_query(town: Town) -> None:
    rule(town)
    cases = list(Case.objects.for_list())
    for _ in range(5):
        reported(town)
    cases = list(Case.objects.for_list())
    with CaptureQueriesContext(connection) as asked:
        assert len(routes_of(cases, timezone.localdate())) == 5
    assert len(asked) == 1


# ---- where it shows ----


def test_it_is_preset_and_explained_but_never_automatic(client: Client, town: Town) -> None:
    rule(town, 7, unit=town.second_department, final=True)
    story = Story(town).called()
    client.force_login(town.users["dispatcher"])
    for name in ("assign", "whistle"):
        page = client.get(f"/cases/{story.case.pk}/moves/{name}/")
        assert page.context["form"]["unit"].value() == town.second_department.pk
        assert page.context["form"]["final"].value() is True
        assert "规则 7" in page.content.decode()
    assert "规则 7" in client.get(f"/cases/{story.case.pk}/").content.decode()
    assert "建议：消防救援站" in client.get("/cases/").content.decode()
    story.case.refresh_from_db()
    assert story.case.lead_unit is None


def test_a_case_on_its_way_is_not_advised(client: Client, town: Town) -> None:
    rule(town, 7)
    story = Story(town).assigned()
    client.force_login(town.users["dispatcher"])
    assert "规则 7" not in client.get(f"/cases/{story.case.pk}/").content.decode()


# ---- writing ----


def test_a_changed_rule_is_off_until_it_is_tried_again(town: Town) -> None:
    chief = town.users["street_admin"]
    made = rule(town)
    made.name = "新名字"
    assert save_rule(rule=made, by=chief).is_active
    made.words = "路灯"
    assert not save_rule(rule=made, by=chief).is_active
    assert switch_rule(rule=made, on=True, by=chief)
    assert not switch_rule(rule=made, on=True, by=chief)
    made.refresh_from_db()
    assert made.is_active
    assert AuditEntry.objects.filter(action="routing.switch").count() == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"community": "other_community"}, "community"),
        ({"grid": "other_grid"}, "grid"),
        ({"community": "sister_community", "grid": "grid"}, "grid"),
        ({"words": "、，"}, "words"),
    ],
)
def test_contradictions_are_named_at_their_field(
    town: Town, more: dict[str, str], field: str
) -> None:
    values = {key: getattr(town, value, value) for key, value in more.items()}
    made = RoutingRule(order=1, name="甲", street=town.street, unit=town.department, **values)
    with pytest.raises(ValidationError) as refused:
        save_rule(rule=made, by=town.users["street_admin"])
    assert list(refused.value.message_dict) == [field]


# ---- the trial ----


def closed_at(town: Town, unit: Any = None, **more: Any) -> Case:
    story = Story(town, **more).called()
    story.step("assign", "community_staff", unit=unit or town.department)
    who = "dept_handler" if unit in (None, town.department) else "second_dept_handler"
    story.step("take", who).step("feedback", who, outcome="solved", note="已办")
    story.step("verify_pass", "grid_head", method="on_site").step("close", "community_staff")
    return story.case


def test_the_trial_says_who_had_it_in_the_end(town: Town) -> None:
    made = rule(town, on=False, words="灯")
    here, there = closed_at(town), closed_at(town, town.second_department)
    waiting = reported(town)
    reported(town, text="垃圾没有人清")
    trial = try_rule(made, Case.objects.all(), days=30, now=NOW())
    assert trial.seen == 4
    assert set(trial.ids["matched"]) == {here.pk, there.pk, waiting.pk}
    assert trial.ids["agreed"] == [here.pk]
    assert trial.ids["other"] == [there.pk]
    assert trial.agreement == 50
    assert trial.warnings == []


def test_the_trial_names_the_rules_that_come_first_and_those_it_robs(town: Town) -> None:
    first = rule(town, 5, category=category("facilities"))
    last = rule(town, 20)
    made = rule(town, 10, on=False, words="灯")
    reported(town, category="facilities-lamp")
    reported(town, category="sanitation-noise")
    trial = try_rule(made, Case.objects.all(), days=30, now=NOW())
    assert trial.shadows == {first: 1}
    assert trial.robbed == {last: 1}
    assert trial.effective == 1


def test_the_trial_warns_of_rules_that_meet_all_none_or_never_speak(town: Town) -> None:
    case = reported(town)
    everything, nothing = rule(town, 10, on=False), rule(town, 11, on=False, words="飞机")
    assert "几乎符合所有事项（1 ÷ 1）" in _warned(everything)
    assert "没有一件事项符合" in _warned(nothing)
    rule(town, 1)
    assert "全部先被前面的规则接走" in _warned(everything)
    Case.objects.filter(pk=case.pk).update(created_at=NOW() - timedelta(days=40))
    assert _warned(everything) == ""


def _warned(made: RoutingRule) -> str:
    return "".join(try_rule(made, Case.objects.all(), days=30, now=NOW()).warnings)


def test_the_trial_page_counts_what_it_lists_before_the_rule_is_on(
    client: Client, town: Town
) -> None:
    made = rule(town, on=False, words="灯")
    closed_at(town)
    reported(town)
    reported(town, building=town.other_building)
    client.force_login(town.users["street_admin"])
    page = client.get(f"/cases/rules/{made.pk}/")
    assert "启用这条规则" in page.content.decode()
    for tab in page.context["kinds"]:
        shown = client.get(f"/cases/rules/{made.pk}/{tab['url']}")
        assert len(shown.context["rows"]) == tab["count"], tab
    assert page.context["kinds"][0]["count"] == 2
    client.post(f"/cases/rules/{made.pk}/switch/", {"on": "1"})
    made.refresh_from_db()
    assert made.is_active


def test_the_trial_page_keeps_to_scope(client: Client, town: Town) -> None:
    made = rule(town, on=False)
    everywhere = rule(town, 20, on=False, street=None)
    reported(town)
    client.force_login(town.users["other_street_admin"])
    assert client.get(f"/cases/rules/{made.pk}/").status_code == 404
    assert client.post(f"/cases/rules/{made.pk}/switch/", {"on": "1"}).status_code == 404
    assert client.get(f"/cases/rules/{everywhere.pk}/").status_code == 200
    assert client.post(f"/cases/rules/{everywhere.pk}/switch/", {"on": "1"}).status_code == 403
    client.force_login(town.users["community_staff"])
    assert client.get(f"/cases/rules/{made.pk}/").status_code == 200
    assert client.post(f"/cases/rules/{made.pk}/switch/", {"on": "1"}).status_code == 403
    client.force_login(town.users["grid_head"])
    assert client.get(f"/cases/rules/{made.pk}/").status_code == 404
    client.force_login(town.users["sysadmin"])
    page = client.get(f"/cases/rules/{everywhere.pk}/").content.decode()
    assert "这里只显示数量" in page
    assert "楼道灯不亮" not in page


def test_queries_of_the_trial_do_not_grow(client: Client, town: Town) -> None:
    made = rule(town, on=False)
    client.force_login(town.users["street_admin"])
    counts = []
    for number in (1, 6):
        for _ in range(number):
            reported(town)
        rule(town, 100 + number)
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/cases/rules/{made.pk}/")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 14


# ---- the admin ----


def posted(town: Town, **more: Any) -> dict[str, Any]:
    return {
        "order": 7, "name": "路灯", "street": town.street.pk, "words": "路灯", "words_mode": "any",
        "unit": town.department.pk, **more,
    }  # fmt: skip


def test_the_streets_admin_writes_its_own_rules_only(client: Client, town: Town) -> None:
    client.force_login(town.users["street_admin"])
    made = client.post("/admin/cases/routingrule/add/", posted(town))
    own = RoutingRule.objects.get()
    assert made["Location"] == f"/cases/rules/{own.pk}/"
    assert not own.is_active
    for street in ("", town.other_street.pk):
        refused = client.post("/admin/cases/routingrule/add/", posted(town, street=street))
        assert refused.status_code == 200
        assert "street" in refused.context["adminform"].form.errors
    client.force_login(town.users["other_street_admin"])
    assert client.get(f"/admin/cases/routingrule/{own.pk}/change/").status_code == 404
    client.force_login(town.users["community_staff"])
    assert client.get("/admin/cases/routingrule/add/").status_code == 403
    assert client.get(f"/admin/cases/routingrule/{own.pk}/change/").status_code == 200


def test_the_system_administrator_writes_those_of_the_installation(
    client: Client, town: Town
) -> None:
    client.force_login(town.users["sysadmin"])
    assert client.post("/admin/cases/routingrule/add/", posted(town, street="")).status_code == 302
    client.force_login(town.users["street_admin"])
    everywhere = RoutingRule.objects.get(street=None)
    answer = client.post(
        f"/admin/cases/routingrule/{everywhere.pk}/change/", posted(town, name="改名")
    )
    assert answer.status_code == 403
