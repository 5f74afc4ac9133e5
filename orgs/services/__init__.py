"""The writes of the orgs app, as verbs: check, do, tell. `by=None` is the system itself."""

from orgs.services.jobs import cancel_import, confirm_import, submit_import
from orgs.services.posts import appoint, end_post, register_member, transfer_member
from orgs.services.reshape import abolish, merge, split
from orgs.services.tree import add_org_unit, move, rename
from orgs.services.users import (
    assign_role,
    create_user,
    end_role,
    issue_token,
    reset_password,
    set_active,
)

__all__ = [
    "abolish", "add_org_unit", "appoint", "assign_role", "cancel_import", "confirm_import",
    "create_user", "end_post", "end_role", "issue_token", "merge", "move", "register_member",
    "rename", "reset_password", "set_active", "split", "submit_import", "transfer_member",
]  # fmt: skip
