"""The admin of the register: rules are edited here, people and households on their own pages."""

from residents.admin.households import HouseholdAdmin
from residents.admin.rules import CareKindAdmin, CareTagAdmin, VisitQuotaAdmin

__all__ = ["CareKindAdmin", "CareTagAdmin", "HouseholdAdmin", "VisitQuotaAdmin"]
