"""People with a hat in the organisation: their posts and memberships. Sealed values stay sealed."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from orgs import services
from orgs.adminbase import ByRole, ScopedAdmin
from orgs.models import OrgPost, OrgUnit, PartyMember, Person
from orgs.roles import CREATE, EDIT, SEES, Noun
from orgs.tables.members import MemberTable
from orgs.tables.shell import TableShell


class ThroughOrgUnit(ByRole):
    """Rows belong to an organisation, and are visible and writable with it."""

    def scope(self, queryset: QuerySet[Any], user: Any, letters: str) -> QuerySet[Any]:
        reach = OrgUnit.objects.visible_to(user, letters)
        return queryset.filter(org_unit__in=reach.values("pk"))


@admin.register(Person)
class PersonAdmin(ScopedAdmin):
    noun = Noun.ORG
    add_letters = CREATE + EDIT
    list_display = ("name", "gender", "birth_year", "phone_masked", "political_status")
    search_fields = ("name__startswith", "name_initials__istartswith")
    fields = (
        "name", "gender", "birth_year", "phone_masked", "id_masked", "ethnicity",
        "political_status", "education", "workplace", "remark",
    )  # fmt: skip
    readonly_fields = ("birth_year", "phone_masked", "id_masked")
    ordering = ("-id",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People are made with their hat: a post, a membership, a log-in, a household."""
        return False

    @admin.display(description="联系电话")
    def phone_masked(self, person: Person) -> str:
        return person.masked_phone or "—"

    @admin.display(description="证件号码")
    def id_masked(self, person: Person) -> str:
        return person.masked_id_number or "—"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        services.revise_person(person=obj)


class WithPersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """Choose a known person, or type the name of a new one."""

    new_person = forms.CharField(label="或新登记姓名", max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "person" in self.fields:
            self.fields["person"].required = False
        if "org_unit" in self.fields:
            self.fields["org_unit"].required = True

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if not self.instance.pk and not typed.get("person") and not typed.get("new_person"):
            self.add_error("person", "请选择人员，或填写新登记的姓名。")
        return typed

    def _post_clean(self) -> None:
        """Skip the model's own checks: the services judge."""


@admin.register(PartyMember)
class PartyMemberAdmin(TableShell, ThroughOrgUnit, ScopedAdmin):
    noun = Noun.ORG
    import_table = MemberTable
    service_audits = True
    form = WithPersonForm
    add_letters = EDIT
    list_display = ("person", "org_unit", "kind", "residing", "registered", "working")
    list_filter = ("kind", "residing", "registered", "working")
    list_select_related = ("person", "org_unit")
    search_fields = ("person__name__startswith", "person__name_initials__istartswith")
    autocomplete_fields = ("person", "org_unit")
    view_letters = SEES

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        person = ["person"] if obj else ["person", "new_person"]
        flags = ["residing", "registered", "working"]
        return [*person, "org_unit", "kind", "joined_on", *flags, *(["left_on"] if obj else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("person",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        user: Any = request.user
        typed = form.cleaned_data
        flags = {
            name: typed[name] for name in ("kind", "joined_on", "residing", "registered", "working")
        }
        if change:
            services.revise_member(
                member=obj, org_unit=typed["org_unit"], left_on=typed["left_on"], by=user, **flags
            )
        else:
            made = services.register_member(
                person=typed["person"] or services.new_person(typed["new_person"]),
                org_unit=typed["org_unit"], by=user, **flags,
            )  # fmt: skip
            obj.pk = made.pk
        obj.refresh_from_db()


@admin.register(OrgPost)
class OrgPostAdmin(ThroughOrgUnit, ScopedAdmin):
    noun = Noun.ORG
    service_audits = True
    form = WithPersonForm
    add_letters = EDIT
    list_display = ("org_unit", "kind", "person", "source_identity", "start", "end", "term")
    list_filter = ("kind", "source_identity", ("end", admin.EmptyFieldListFilter))
    list_select_related = ("person", "org_unit")
    search_fields = ("org_unit__name", "person__name__startswith")
    autocomplete_fields = ("person", "org_unit")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        person = ["person"] if obj else ["person", "new_person"]
        return ["org_unit", *person, "kind", "source_identity", "term", "start", "end"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = ("org_unit", "person", "kind", "source_identity", "term", "start")
        return fixed if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        user: Any = request.user
        typed = form.cleaned_data
        if change:
            services.end_post(post=obj, end=typed["end"], by=user)
        else:
            made = services.appoint(
                person=typed["person"] or services.new_person(typed["new_person"]),
                org_unit=typed["org_unit"], kind=typed["kind"], start=typed["start"],
                end=typed["end"], source_identity=typed["source_identity"], term=typed["term"],
                by=user,
            )  # fmt: skip
            obj.pk = made.pk
        obj.refresh_from_db()
