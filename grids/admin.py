"""The admin of grids: the same verbs as the pages, the same scope."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from grids import services
from grids.catalog import SlotSource
from grids.models import (
    Building,
    Compound,
    Entrance,
    Grid,
    GridTeamMember,
    LegacyGridCode,
    TeamSlot,
    TeamTemplate,
)
from grids.tables.teams import TeamTable
from orgs.adminbase import ByRole, ReadOnly, ScopedAdmin, ScopedInline
from orgs.roles import CREATE, EDIT, Noun
from orgs.scope import grants_with
from orgs.tables.shell import TableShell


class WordsField(forms.CharField):
    """A list of words written with 、 between them."""

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        words = str(value or "").replace("，", "、").replace(",", "、").split("、")
        return [word.strip() for word in words if word.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))


class LegacyCodeInline(ScopedInline):
    model = LegacyGridCode
    noun = Noun.GRID
    add_letters = EDIT
    deletable = True

    def scope(self, queryset: QuerySet[Any], user: Any, letters: str) -> QuerySet[Any]:
        return queryset.filter(grid__in=Grid.objects.visible_to(user, letters).values("pk"))


@admin.register(Grid)
class GridAdmin(ScopedAdmin):
    noun = Noun.GRID
    list_display = ("code", "name", "community", "kind", "status", "party_branch", "team_template")
    list_filter = ("kind", "status", "team_template")
    list_select_related = ("community", "party_branch", "team_template")
    search_fields = ("code__startswith", "name", "legacy_codes__code")
    fields = (
        "community", "name", "kind", "party_branch", "team_template", "property_status",
        "area_note", "code", "status", "activated_on", "closed_on", "successor",
    )  # fmt: skip
    autocomplete_fields = ("community", "party_branch")
    inlines = (LegacyCodeInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The code and the life of a grid are the services'; drawing needs the right to create."""
        fixed = ("code", "status", "activated_on", "closed_on", "successor")
        if obj is None:
            return fixed
        draws = Grid.objects.visible_to(request.user, CREATE).filter(pk=obj.pk).exists()
        return (*fixed, "community") if draws else (
            *fixed, "community", "kind", "party_branch", "team_template",
        )  # fmt: skip

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by: Any = request.user
        if not change:
            made = services.create_grid(
                opened_on=timezone.localdate(),
                community=obj.community, name=obj.name, kind=obj.kind, by=by,
                party_branch=obj.party_branch, team_template=obj.team_template,
                area_note=obj.area_note, property_status=obj.property_status,
            )  # fmt: skip
            obj.pk, obj.code, obj.street = made.pk, made.code, made.street
            return
        changed = set(form.changed_data)
        if "name" in changed:
            services.rename_grid(grid=obj, name=obj.name, by=by)
        if "kind" in changed:
            services.change_kind(grid=obj, kind=obj.kind, by=by)
        if "party_branch" in changed:
            services.set_branch(grid=obj, branch=obj.party_branch, by=by)
        if changed & {"area_note", "property_status", "team_template"}:
            services.describe_grid(
                grid=obj, by=by, area_note=obj.area_note, property_status=obj.property_status,
                team_template=obj.team_template,
            )  # fmt: skip


class CompoundForm(forms.ModelForm):  # type: ignore[type-arg]
    aliases = WordsField(label="别名", required=False, help_text="多个别名用顿号隔开")

    class Meta:
        model = Compound
        fields = ["community", "name", "aliases"]


@admin.register(Compound)
class CompoundAdmin(ScopedAdmin):
    noun = Noun.GRID
    form = CompoundForm
    change_letters = CREATE
    list_display = ("name", "community")
    list_select_related = ("community",)
    search_fields = ("name",)
    autocomplete_fields = ("community",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("community",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Another name goes through the verb, so that doors and lists follow."""
        by: Any = request.user
        if not change:
            return super().save_model(request, obj, form, change)
        if form.changed_data:
            services.rename_compound(compound=obj, name=obj.name, aliases=obj.aliases, by=by)

    def audit_street(self, obj: Any) -> int | None:
        root: int | None = obj.community.get_root().pk
        return root


class EntranceInline(ScopedInline):
    model = Entrance
    noun = Noun.GRID
    add_letters = CREATE
    change_letters = CREATE
    fields = ("name", "floors", "rooms_per_floor")

    def scope(self, queryset: QuerySet[Any], user: Any, letters: str) -> QuerySet[Any]:
        homes = Building.objects.visible_to(user, letters)
        return queryset.filter(building__in=homes.values("pk"))


@admin.register(Building)
class BuildingAdmin(ScopedAdmin):
    noun = Noun.GRID
    change_letters = CREATE
    add_letters = ""  # a building is added on its grid's page, which knows grid and community
    list_display = ("name", "compound", "grid", "community", "floors")
    list_select_related = ("compound", "grid", "community")
    search_fields = ("name", "compound__name")
    fields = ("compound", "name", "grid", "community", "party_group", "floors")
    readonly_fields = ("compound", "grid", "community")
    autocomplete_fields = ("party_group",)
    inlines = (EntranceInline,)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by: Any = request.user
        if "name" in form.changed_data:
            services.rename_building(building=obj, name=obj.name, by=by)
        if "party_group" in form.changed_data:
            services.set_party_group(building=obj, group=obj.party_group, by=by)
        if "floors" in form.changed_data:
            services.describe_building(building=obj, floors=obj.floors, by=by)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """New entrances get their canonical name; known ones keep theirs."""
        by: Any = request.user
        changed = [one.instance for one in formset.forms if one.has_changed()]
        for row in changed:
            if row.pk is None:
                services.add_entrance(
                    building=form.instance, name=row.name, floors=row.floors,
                    rooms_per_floor=row.rooms_per_floor, by=by,
                )  # fmt: skip
            else:
                services.describe_entrance(
                    entrance=row, floors=row.floors, rooms_per_floor=row.rooms_per_floor, by=by
                )
        formset.new_objects, formset.deleted_objects = [], []
        formset.changed_objects = [(row, []) for row in changed if row.pk]


class SlotForm(forms.ModelForm):  # type: ignore[type-arg]
    sources = forms.MultipleChoiceField(
        label="人员来源", choices=SlotSource.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    class Meta:
        model = TeamSlot
        fields = [
            "order", "code", "name", "minimum", "maximum", "sources", "member_required",
            "is_force", "role",
        ]  # fmt: skip


class ForEverywhere(ByRole):
    """Rows of the whole installation: everybody with the noun sees them, sysadmin changes them."""

    noun = Noun.GRID

    def scope(self, queryset: QuerySet[Any], user: Any, letters: str) -> QuerySet[Any]:
        return queryset

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return any(grant.is_everywhere for grant in grants_with(request.user, self.noun, CREATE))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request)


class SlotInline(ForEverywhere, ScopedInline):
    model = TeamSlot
    form = SlotForm


@admin.register(TeamTemplate)
class TeamTemplateAdmin(ForEverywhere, ScopedAdmin):
    list_display = ("name", "code")
    inlines = (SlotInline,)


@admin.register(GridTeamMember)
class TeamMemberAdmin(TableShell, ReadOnly, ScopedAdmin):
    """To look up; people come and go on the team page of their grid."""

    import_table = TeamTable
    noun = Noun.GRID
    list_display = ("grid", "slot", "person", "unit", "start", "end")
    list_filter = ("slot__role",)
    list_select_related = ("grid", "slot", "person", "unit")
    search_fields = ("grid__name", "grid__code__startswith", "person__name")
