"""The writes of the residents app, as verbs: check, do, tell."""

from residents.services.apart import live_apart, live_together
from residents.services.care import add_care_tag, end_care_tag
from residents.services.coming import marry, move_in, register_birth
from residents.services.families import merge_households, split_household
from residents.services.households import close_household, create_household, edit_household
from residents.services.rentals import end_rental, start_rental
from residents.services.residency import (
    add_resident,
    edit_resident,
    end_residency,
    move_to,
    set_head,
)
from residents.services.reveal import reveal

__all__ = [
    "add_care_tag", "add_resident", "close_household", "create_household", "edit_household",
    "edit_resident", "end_care_tag", "end_rental", "end_residency", "live_apart", "live_together",
    "marry", "merge_households", "move_in", "move_to", "register_birth", "reveal", "set_head",
    "split_household", "start_rental",
]  # fmt: skip
