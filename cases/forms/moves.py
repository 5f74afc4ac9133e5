"""The form of any move, built from what the workflow table says it needs."""

from collections.abc import Iterable
from typing import Any

from django import forms

from cases.forms.choices import category_choices
from cases.forms.fields import ServiceForm, prose
from cases.forms.report import grouped
from cases.models import Case, SlaClass
from cases.workflow import Kind, Move, Need
from grids.catalog import GridStatus
from grids.models import Grid
from orgs.forms import PhotosField
from orgs.levels import UnitKind
from orgs.models import Unit

# Who usually leads or helps; a street's partners and companies come after them.
DEPARTMENTS = (
    UnitKind.FUNCTIONAL_DEPARTMENT, UnitKind.POLICE, UnitKind.URBAN_MANAGEMENT, UnitKind.AGENCY,
)  # fmt: skip


class MoveForm(ServiceForm):
    """`MoveForm(data, files, move=…, case=…, without={"final"})`; `inputs()` goes to `services.move`.

    `version` is what the person looked at: somebody faster makes the service refuse.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        move: Move,
        case: Case,
        without: frozenset[str] = frozenset(),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.move = move
        self.initial.setdefault("version", case.version)
        self.needs = [need for need in move.needs if need.name not in without]
        for need in self.needs:
            self.fields[need.name] = _field(need, case)
        if move.photos is not None:
            self.fields["photos"] = PhotosField(label="照片", required=move.photos)

    @property
    def wants_place(self) -> bool:
        """Whether the device may be asked where it is."""
        return any(need.kind == Kind.NUMBER for need in self.needs)

    def inputs(self) -> dict[str, Any]:
        """Return the cleaned needs by name."""
        return {need.name: self.cleaned_data[need.name] for need in self.needs}


def _field(need: Need, case: Case) -> forms.Field:
    common: dict[str, Any] = {
        "label": need.label, "required": need.required, "help_text": need.help,
    }  # fmt: skip
    if need.kind == Kind.TEXT and need.name == "note":
        return prose(need.label, rows=3, required=need.required, help_text=need.help)
    if need.kind == Kind.TEXT:
        return forms.CharField(**common)
    if need.kind == Kind.CHOICE:
        blank = [] if need.required else [("", "不指定")]
        return forms.ChoiceField(
            **common, choices=[*blank, *need.choices], widget=forms.RadioSelect
        )
    if need.kind == Kind.FLAG:
        return forms.BooleanField(**common)
    if need.kind == Kind.MOMENT:
        return forms.DateTimeField(
            **common,
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        )
    if need.kind == Kind.CASE:
        numeric = {"inputmode": "numeric", "autocomplete": "off", "list": "similar-cases"}
        return forms.CharField(**common, max_length=30, widget=forms.TextInput(attrs=numeric))
    if need.kind == Kind.NUMBER:
        return forms.FloatField(**common, widget=forms.HiddenInput)
    return _look_up_field(need, case, common)


def _look_up_field(need: Need, case: Case, common: dict[str, Any]) -> forms.Field:
    if need.kind == Kind.CATEGORY:
        return forms.ChoiceField(
            **common, choices=lambda: category_choices(f"不改（{case.category}）")
        )
    if need.kind == Kind.SLA:
        rows = SlaClass.objects.filter(is_active=True)
        return forms.ModelChoiceField(rows, **common, empty_label="按类别")
    if need.kind == Kind.GRID:
        grids = Grid.objects.filter(street=case.street_id).exclude(status=GridStatus.CLOSED)
        place = forms.ModelChoiceField(grids, **common)
        listed = grids.select_related("community").order_by("community__name", "code")
        place.choices = lambda: grouped(listed, lambda grid: grid.community, "和原事项相同")
        return place
    units = Unit.objects.serving(case.street)
    if need.kind == Kind.UNITS:
        several = forms.ModelMultipleChoiceField(
            units, **common, widget=forms.CheckboxSelectMultiple
        )
        several.choices = lambda: [(unit.pk, unit.name) for unit in _departments_first(units)]
        return several
    one = forms.ModelChoiceField(units, **common, initial=case.category.lead_unit_id)
    one.choices = lambda: [("", "请选择单位"), *_units_by_kind(units)]
    return one


def _departments_first(units: Iterable[Unit]) -> list[Unit]:
    """Return the units by kind: those with public duties first, then the others; by name within."""
    order = list(dict.fromkeys((*DEPARTMENTS, *UnitKind)))
    return sorted(units, key=lambda unit: order.index(UnitKind(unit.kind)))


def _units_by_kind(units: Iterable[Unit]) -> list[tuple[Any, Any]]:
    """Return the units under their kinds, departments first; flat when there is one kind."""
    groups: dict[str, list[tuple[Any, str]]] = {}
    for unit in _departments_first(units):
        groups.setdefault(unit.get_kind_display(), []).append((unit.pk, unit.name))
    return next(iter(groups.values())) if len(groups) == 1 else list(groups.items())
