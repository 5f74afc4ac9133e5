"""Another name for a compound or a building: doors, order and rosters follow."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from grids.models import Building, Compound
from grids.services import rename_building, rename_compound
from orgs.models import AuditEntry
from residents.models import Household
from tests.town import Town


def keys(town: Town) -> list[str]:
    homes = Household.objects.filter(building__compound=town.building.compound)
    return list(homes.by_door().values_list("sort_key", flat=True))


def test_a_compound_keeps_its_old_name_as_an_alias_and_its_doors_sort_anew(town: Town) -> None:
    compound = town.building.compound
    before = keys(town)
    rename_compound(compound=compound, name="月光花园", by=None)
    compound.refresh_from_db()
    assert (compound.name, compound.aliases) == ("月光花园", ["阳光花园"])
    assert all("月光花园" in key for key in keys(town))
    assert before != keys(town)
    assert Household.objects.get(pk=town.households[0].pk).door == "月光花园1栋1单元101"
    rename_compound(compound=compound, name="阳光花园", by=None)
    compound.refresh_from_db()
    assert compound.aliases == ["月光花园"]
    assert AuditEntry.objects.filter(action="compound.rename").count() == 2


def test_a_building_moves_to_its_new_place_in_the_order(town: Town) -> None:
    rename_building(building=town.building, name="１０幢", by=None)
    town.building.refresh_from_db()
    assert (town.building.name, str(town.building)) == ("10栋", "阳光花园10栋")
    order = [home.building_id for home in Household.objects.filter(
        building__compound=town.building.compound).by_door()]  # fmt: skip
    assert order == [town.sister_building.pk, town.building.pk, town.building.pk]
    ordered = Building.objects.filter(compound=town.building.compound).order_by("sort_key")
    assert [one.name for one in ordered] == ["2栋", "10栋"]


def test_names_are_taken_once(town: Town) -> None:
    with pytest.raises(ValidationError, match="已有同名楼栋"):
        rename_building(building=town.building, name="二栋", by=None)
    with pytest.raises(ValidationError, match="请填写"):
        rename_building(building=town.building, name=" ", by=None)
    Compound.objects.create(community=town.community, name="月光花园")
    with pytest.raises(ValidationError, match="已有同名小区"):
        rename_compound(compound=town.building.compound, name="月光花园", by=None)


def test_the_admin_renames_through_the_verbs(town: Town, enter: Any) -> None:
    clerk = enter("community_staff")
    compound = town.building.compound
    url = f"/admin/grids/compound/{compound.pk}/change/"
    answer = clerk.post(url, {"name": "星光花园", "aliases": "星光"})
    assert answer.status_code == 302
    compound.refresh_from_db()
    assert (compound.name, compound.aliases) == ("星光花园", ["星光", "阳光花园"])
    assert "星光花园" in Household.objects.get(pk=town.households[0].pk).sort_key
