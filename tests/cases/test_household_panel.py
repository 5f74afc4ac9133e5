"""The cases on a household's page: each figure is its list, in the reader's own scope."""

from typing import Any

from tests.cases.cast import reported
from tests.town import Town


def figures(page: Any) -> dict[str, Any]:
    [panel] = [one for one in page.context["panels"] if one.template.startswith("cases/")]
    return {one["label"]: one for one in panel.facts["figures"]}


def test_each_figure_is_its_list(town: Town, enter: Any) -> None:
    reported(town, address="1单元101门口")
    reported(town, address="1单元1101门口")
    reported(town, building=town.sister_building, address="101")
    clerk = enter("community_staff")
    shown = figures(clerk.get(f"/residents/{town.households[0].pk}/"))
    counts = {label: one["count"] for label, one in shown.items()}
    assert counts == {"写明本房号": 1, "本楼栋未结": 2, "本楼栋全部": 2}
    for one in shown.values():
        assert clerk.get(one["url"]).context["page"].count == one["count"]


def test_a_reader_counts_his_own_cases_only(town: Town, enter: Any) -> None:
    reported(town, address="1单元101门口")
    shown = figures(enter("corridor_head").get(f"/residents/{town.households[0].pk}/"))
    assert {one["count"] for one in shown.values()} == {0}
