"""The one signal of this app: the tree changed. Receivers only write rows."""

from django.dispatch import Signal

# Sent inside the transaction, with: kind (OrgUnitChange.Kind), org_unit (OrgUnit as it is now),
# moved_to (the successor or new parent, or None), by (User or None).
tree_changed = Signal()
