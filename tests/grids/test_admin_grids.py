"""The admin of grids and of the register: scope, services behind it, Chinese refusals."""

from typing import Any

from django.urls import reverse

from grids.models import Building, Compound, Grid, TeamTemplate
from orgs.models import AuditEntry
from residents.models import CareKind, VisitQuota
from tests.town import Town

LISTS = ["grid", "compound", "building", "teamtemplate", "gridteammember"]
NO_LEGACY = {"legacy_codes-TOTAL_FORMS": "0", "legacy_codes-INITIAL_FORMS": "0"}


def test_lists_open_and_follow_scope(town: Town, enter: Any) -> None:
    for who in ("sysadmin", "street_admin", "community_staff", "auditor"):
        for model in LISTS:
            answer = enter(who).get(reverse(f"admin:grids_{model}_changelist"))
            assert answer.status_code == 200, (who, model)
    rows = enter("community_staff").get(reverse("admin:grids_grid_changelist")).context["cl"]
    assert set(rows.queryset) == {town.grid, town.sister_grid}
    found = enter("street_admin").get(reverse("admin:grids_grid_changelist") + "?q=第2")
    assert list(found.context["cl"].queryset) == [town.sister_grid]
    for model in ("household", "caretag"):
        url = reverse(f"admin:residents_{model}_changelist")
        assert enter("community_staff").get(url).status_code == 200
        assert enter("sysadmin").get(url).status_code == 403
    for row in (town.far_grid, town.other_grid):
        url = reverse("admin:grids_grid_change", args=[row.pk])
        assert enter("community_staff").get(url).status_code == 404


def test_a_grid_is_added_and_changed_through_the_services(town: Town, enter: Any) -> None:
    client = enter("community_staff")
    url = reverse("admin:grids_grid_add")
    typed = {"community": town.community.pk, "name": "后台网格", "kind": "residential", **NO_LEGACY}
    assert client.post(url, typed).status_code == 302
    grid = Grid.objects.get(name="后台网格")
    assert grid.code == "349901001001003"
    assert AuditEntry.objects.filter(action="grid.create").exists()
    change = reverse("admin:grids_grid_change", args=[grid.pk])
    edit = {"name": "改名", "kind": "exclusive", "party_branch": town.sister_branch.pk, **NO_LEGACY}
    refused = client.post(change, edit)
    assert refused.status_code == 200
    client.post(change, {**edit, "party_branch": town.branch.pk})
    grid.refresh_from_db()
    assert (grid.name, grid.kind, grid.party_branch) == ("改名", "exclusive", town.branch)


def test_a_refusal_of_the_service_comes_back_on_the_form(town: Town, enter: Any) -> None:
    url = reverse("admin:grids_grid_change", args=[town.grid.pk])
    typed = {"name": town.grid.name, "kind": "residential", "team_template": "", **NO_LEGACY}
    answer = enter("community_staff").post(url, typed)
    assert "还有 5 人" in answer.content.decode()


def test_aliases_are_words(town: Town, enter: Any) -> None:
    client = enter("community_staff")
    estate = Compound.objects.get(name="阳光花园")
    url = reverse("admin:grids_compound_change", args=[estate.pk])
    client.post(url, {"name": "阳光花园", "aliases": "阳光，阳光小区"})
    estate.refresh_from_db()
    assert estate.aliases == ["阳光", "阳光小区"]
    assert "阳光、阳光小区" in client.get(url).content.decode()


def test_entrances_get_their_canonical_name(town: Town, enter: Any) -> None:
    url = reverse("admin:grids_building_change", args=[town.building.pk])
    known = list(town.building.entrances.order_by("sort_key"))
    rows: dict[str, Any] = {"entrances-TOTAL_FORMS": "3", "entrances-INITIAL_FORMS": "2"}
    for index, one in enumerate(known):
        rows |= {
            f"entrances-{index}-id": one.pk, f"entrances-{index}-building": town.building.pk,
            f"entrances-{index}-name": one.name, f"entrances-{index}-floors": "18",
        }  # fmt: skip
    rows |= {"entrances-2-building": town.building.pk, "entrances-2-name": "三单元"}
    answer = enter("community_staff").post(
        url, {"name": "1栋", "party_group": town.group.pk, "floors": "18", **rows}
    )
    assert answer.status_code == 302
    assert [one.name for one in town.building.entrances.order_by("sort_key")] == [
        "1单元", "2单元", "3单元",
    ]  # fmt: skip
    assert Building.objects.get(pk=town.building.pk).floors == 18


def test_templates_are_the_system_administrators(town: Town, enter: Any) -> None:
    template = TeamTemplate.objects.get(code="huangshan-1-6")
    url = reverse("admin:grids_teamtemplate_change", args=[template.pk])
    slots = list(template.slots.order_by("order"))
    typed: dict[str, Any] = {
        "code": template.code, "name": "一加六", "slots-TOTAL_FORMS": len(slots),
        "slots-INITIAL_FORMS": len(slots),
    }  # fmt: skip
    for index, slot in enumerate(slots):
        typed |= {
            f"slots-{index}-id": slot.pk, f"slots-{index}-template": template.pk,
            f"slots-{index}-order": slot.order, f"slots-{index}-code": slot.code,
            f"slots-{index}-name": slot.name, f"slots-{index}-minimum": "1",
            f"slots-{index}-sources": ["unit", "other"], f"slots-{index}-role": slot.role,
        }  # fmt: skip
    assert enter("community_staff").post(url, typed).status_code == 403
    assert enter("sysadmin").post(url, typed).status_code == 302
    template.refresh_from_db()
    assert template.name == "一加六"
    assert template.slots.filter(sources=["unit", "other"]).count() == 7


def test_kinds_of_key_population_are_the_system_administrators(town: Town, enter: Any) -> None:
    kind = CareKind.objects.get(code="veteran")
    url = reverse("admin:residents_carekind_change", args=[kind.pk])
    typed = {
        "order": 9,
        "code": "veteran",
        "name": "退役军人",
        "aliases": "老兵",
        "red_days": 7,
        "yellow_days": 10,
        "blue_days": 90,
        "is_active": "on",
    }
    assert enter("community_staff").post(url, typed).status_code == 403
    assert enter("sysadmin").post(url, typed | {"blue_days": 0}).status_code == 200, "refused"
    assert enter("sysadmin").post(url, typed).status_code == 302
    kind.refresh_from_db()
    assert kind.aliases == ["老兵"]
    assert kind.days_for("blue") == 90


def test_how_often_homes_are_visited_is_the_system_administrators(town: Town, enter: Any) -> None:
    quota = VisitQuota.objects.get(home_class="ordinary")
    url = reverse("admin:residents_visitquota_change", args=[quota.pk])
    assert enter("community_staff").post(url, {"times_a_year": 4}).status_code == 403
    assert enter("sysadmin").post(url, {"times_a_year": 4}).status_code == 302
    quota.refresh_from_db()
    assert quota.times_a_year == 4
