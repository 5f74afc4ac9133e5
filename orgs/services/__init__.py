"""The writes of the orgs app, as verbs: check, do, tell. `by=None` is the system itself."""

from orgs.services.calendar import load_workdays, remove_workday, set_workday
from orgs.services.jobs import cancel_import, confirm_import, submit_import, undo_import
from orgs.services.people import new_person, revise_person
from orgs.services.posts import (
    appoint,
    end_post,
    register_member,
    revise_member,
    transfer_member,
)
from orgs.services.quality import ask_for_round, run_checks
from orgs.services.reshape import abolish, merge, split
from orgs.services.tree import add_org_unit, move, rename
from orgs.services.units import close_unit, merge_units, save_unit
from orgs.services.users import (
    assign_role,
    create_user,
    end_role,
    issue_token,
    reset_password,
    roles_a_street_gives,
    set_active,
)

__all__ = [
    "abolish", "add_org_unit", "appoint", "ask_for_round", "assign_role", "cancel_import", "close_unit", "confirm_import",
    "create_user", "end_post", "end_role", "issue_token", "load_workdays", "merge", "merge_units", "move",
    "new_person", "register_member", "remove_workday", "rename", "reset_password",
    "revise_member", "revise_person", "roles_a_street_gives", "run_checks", "save_unit", "set_active",
    "set_workday", "split", "submit_import", "transfer_member",
    "undo_import",
]  # fmt: skip
