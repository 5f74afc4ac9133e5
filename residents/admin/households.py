"""Households to look up in the admin, and rosters in and out of it."""

from django.contrib import admin

from orgs.adminbase import ReadOnly, ScopedAdmin
from orgs.roles import Noun
from residents.admin.shell import RosterShell
from residents.models import Household


@admin.register(Household)
class HouseholdAdmin(RosterShell, ReadOnly, ScopedAdmin):
    """To look up; households change on their own page, which notices two editors at once."""

    noun = Noun.RESIDENT
    list_display = ("building", "entrance", "grid", "community", "kind", "occupancy", "closed_on")
    list_filter = ("kind", "occupancy")
    list_select_related = ("building__compound", "entrance", "grid", "community")
    search_fields = ("building__name", "building__compound__name")
    fields = ("building", "entrance", "grid", "community", "kind", "occupancy", "closed_on")
