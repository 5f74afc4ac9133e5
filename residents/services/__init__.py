"""The writes of the residents app, as verbs: check, do, tell."""

from residents.services.apart import live_apart, live_together
from residents.services.care import (
    add_care_tag,
    edit_care_tag,
    end_care_tag,
    reveal_contact,
    review_care_tag,
)
from residents.services.changes import approve_change, propose_change, reject_change
from residents.services.coming import marry, move_in, register_birth
from residents.services.contacts import note_contact, record_deed, take_back_contact
from residents.services.families import merge_households, split_household
from residents.services.heads import edit_board, move_head, nominate, resident_named
from residents.services.households import close_household, create_household, edit_household
from residents.services.linking import apply_assignment, restore_links
from residents.services.needs import create_need, edit_need, move_need
from residents.services.rentals import end_rental, start_rental
from residents.services.residency import (
    add_resident,
    edit_resident,
    end_residency,
    move_to,
    set_head,
)
from residents.services.reveal import reveal
from residents.services.suggestions import confirm_suggestion, dismiss_suggestion
from residents.services.visitchecks import check_visit, decide_vacancy
from residents.services.visits import record_visit

__all__ = [
    "add_care_tag", "add_resident", "apply_assignment", "approve_change", "check_visit",
    "close_household", "confirm_suggestion", "create_household", "create_need", "decide_vacancy",
    "dismiss_suggestion", "edit_board", "edit_care_tag", "edit_household", "edit_need", "edit_resident",
    "end_care_tag", "end_rental", "end_residency", "live_apart", "live_together", "marry",
    "merge_households", "move_head", "move_in", "move_need", "move_to", "nominate", "note_contact",
    "propose_change", "record_deed", "record_visit", "register_birth", "reject_change",
    "resident_named", "restore_links", "reveal", "reveal_contact", "review_care_tag", "set_head",
    "split_household", "start_rental", "take_back_contact",
]  # fmt: skip
