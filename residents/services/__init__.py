"""The writes of the residents app, as verbs: check, do, tell."""

from residents.services.care import add_care_tag, end_care_tag
from residents.services.households import close_household, create_household, edit_household
from residents.services.residency import add_resident, edit_resident, end_residency, set_head
from residents.services.reveal import reveal

__all__ = [
    "add_care_tag", "add_resident", "close_household", "create_household", "edit_household",
    "edit_resident", "end_care_tag", "end_residency", "reveal", "set_head",
]  # fmt: skip
