"""For which buildings a full list is complete: there, whom it does not name is asked about."""

from dataclasses import dataclass
from typing import Any

from django import forms

from grids.models import Building
from orgs.models import ImportJob


@dataclass(frozen=True, slots=True)
class Missing:
    """A building with residents the full list does not name; `covered`: it names others there."""

    building: Building
    count: int
    covered: bool


def missing_of(job: ImportJob) -> list[Missing]:
    """Return the buildings where residents are not in this full list, grid by grid."""
    counts = {int(pk): count for pk, count in job.counts.get("absent", {}).items()}
    covered = set(job.counts.get("covered", ()))
    if not counts:
        return []
    rows = Building.objects.filter(pk__in=counts).select_related("grid", "compound")
    ordered = rows.order_by("grid__code", "compound__name", "sort_key", "pk")
    return [Missing(one, counts[one.pk], one.pk in covered) for one in ordered]


class FullListForm(forms.Form):
    """The area of a full list: what it names, the grids of these, all of it, or buildings ticked."""

    COVERED, GRIDS, ALL, CHOSEN, NOBODY = "covered", "grids", "all", "chosen", "nobody"

    area = forms.ChoiceField(
        label="这份全量名单管哪些楼栋",
        widget=forms.RadioSelect,
        error_messages={
            "required": "请选择这份名单管哪些楼栋。",
            "invalid_choice": "请在列出的范围里选择。",
        },
    )
    buildings = forms.MultipleChoiceField(
        label="楼栋", required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "勾选的楼栋不在列出的范围里，请刷新后重选。"},
    )  # fmt: skip

    def __init__(self, data: Any, *, missing: list[Missing]) -> None:
        covered = {one.building.pk for one in missing if one.covered}
        grids = {one.building.grid_id for one in missing if one.covered}
        self._areas: dict[str, set[int]] = {
            self.COVERED: covered,
            self.GRIDS: {one.building.pk for one in missing if one.building.grid_id in grids},
            self.ALL: {one.building.pk for one in missing},
            self.CHOSEN: set(),
            self.NOBODY: set(),
        }
        super().__init__(data, initial={"area": self.COVERED, "buildings": sorted(covered)})
        self._offer(missing)

    def _offer(self, missing: list[Missing]) -> None:
        people = {one.building.pk: one.count for one in missing}
        words = {
            self.COVERED: "名单里写到的楼栋",
            self.GRIDS: "名单里写到的网格，整个网格",
            self.ALL: "您范围内的全部楼栋",
        }
        area, buildings = self.fields["area"], self.fields["buildings"]
        assert isinstance(area, forms.ChoiceField)
        assert isinstance(buildings, forms.MultipleChoiceField)
        area.choices = [
            *(
                (name, f"{label}：{sum(people[pk] for pk in self._areas[name])} 人不在名单里")
                for name, label in words.items()
            ),
            (self.CHOSEN, "自己勾选楼栋"),
            (self.NOBODY, "这次不列"),
        ]
        buildings.choices = [
            (
                one.building.pk,
                f"{one.building.grid} {one.building}：{one.count} 人"
                + ("" if one.covered else "（名单没有写到这栋楼）"),
            )
            for one in missing
        ]

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if asked.get("area") == self.CHOSEN and not asked.get("buildings"):
            self.add_error("buildings", "请至少勾选一栋楼，或选择“这次不列”。")
        return asked

    def chosen(self) -> list[int]:
        """Return the ids of the buildings this list is complete for."""
        area = self.cleaned_data["area"]
        if area == self.CHOSEN:
            return [int(pk) for pk in self.cleaned_data["buildings"]]
        return sorted(self._areas[area])
