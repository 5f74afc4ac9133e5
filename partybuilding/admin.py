"""The tables of Party work in the admin: everything readable in scope, written on the pages."""

from django.contrib import admin

from orgs.adminbase import ReadOnly, ScopedAdmin
from orgs.roles import Noun
from partybuilding.models import (
    Alliance,
    CommitteeTerm,
    FundAllocation,
    Honour,
    MonthlyBoard,
    Pairing,
    PolicyPaper,
    Programme,
    Training,
)


class PartyTable(ReadOnly, ScopedAdmin):
    noun = Noun.PARTY


@admin.register(CommitteeTerm)
class CommitteeTermAdmin(PartyTable):
    noun = Noun.ORG
    list_display = ["org", "name", "elected_on", "due_on", "ended_on"]
    list_select_related = ["org"]
    search_fields = ["org__name"]


@admin.register(MonthlyBoard)
class MonthlyBoardAdmin(PartyTable):
    list_display = ["branch", "month", "community"]
    list_select_related = ["branch", "community"]
    search_fields = ["branch__name"]


@admin.register(Pairing)
class PairingAdmin(PartyTable):
    list_display = ["unit", "grid", "start", "end", "ended_on"]
    list_select_related = ["unit", "grid"]
    search_fields = ["unit__name"]


@admin.register(Alliance)
class AllianceAdmin(PartyTable):
    list_display = ["name", "community", "founded_on", "ended_on"]
    list_select_related = ["community"]
    search_fields = ["name"]


@admin.register(Training)
class TrainingAdmin(PartyTable):
    list_display = ["topic", "org", "kind", "held_on", "hours"]
    list_filter = ["kind"]
    list_select_related = ["org"]
    search_fields = ["topic"]


@admin.register(FundAllocation)
class FundAllocationAdmin(PartyTable):
    noun = Noun.FUND
    list_display = ["title", "source", "purpose", "year", "amount"]
    list_filter = ["source", "purpose", "year"]
    search_fields = ["title", "doc_no"]


@admin.register(Programme)
class ProgrammeAdmin(PartyTable):
    list_display = ["name", "kind", "org", "started_on", "ended_on"]
    list_select_related = ["org"]
    search_fields = ["name"]


@admin.register(PolicyPaper)
class PolicyPaperAdmin(PartyTable):
    list_display = ["title", "doc_no", "issuer", "issued_on", "read_by"]
    search_fields = ["title", "doc_no"]


@admin.register(Honour)
class HonourAdmin(PartyTable):
    list_display = ["title", "org", "level", "granted_on"]
    list_filter = ["level"]
    list_select_related = ["org"]
    search_fields = ["title"]
