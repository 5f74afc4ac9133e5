"""What this app tells the floors above: the tree, a unit or a log-in changed. Receivers only write rows."""

from django.dispatch import Signal

# Sent inside the transaction, with: kind (OrgUnitChange.Kind), org_unit (OrgUnit as it is now),
# moved_to (the successor or new parent, or None), by (User or None).
tree_changed = Signal()

# Sent inside the transaction when a unit ends, with: unit (Unit, inactive by now), moved_to (the
# Unit that takes over, or None: back to whoever dispatches), by (User or None).
unit_ended = Signal()

# Sent inside the transaction when a log-in is suspended or a role taken back, with: user, by.
user_left = Signal()
