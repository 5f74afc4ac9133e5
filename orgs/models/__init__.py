from orgs.models.audit import AuditEntry
from orgs.models.calendar import WorkdayOverride
from orgs.models.jobs import ImportJob
from orgs.models.people import Gender, OrgPost, PartyMember, Person
from orgs.models.quality import CheckFinding, CheckRound
from orgs.models.regions import Region
from orgs.models.requests import IdempotentRequest
from orgs.models.tree import OrgUnit, OrgUnitChange
from orgs.models.units import Unit
from orgs.models.users import RoleAssignment, User

__all__ = [
    "AuditEntry", "CheckFinding", "CheckRound", "Gender", "IdempotentRequest", "ImportJob",
    "OrgPost", "OrgUnit", "OrgUnitChange", "PartyMember", "Person", "Region", "RoleAssignment",
    "Unit", "User", "WorkdayOverride",
]  # fmt: skip
