"""Reference tables of the organisation, in both directions by Excel."""

from orgs.tables.base import table
from orgs.tables.importing import register_importer
from orgs.tables.members import MemberTable
from orgs.tables.organisations import OrganisationTable
from orgs.tables.units import UnitTable

for one in (OrganisationTable, UnitTable, MemberTable):
    register_importer(table(one))
