"""The one signal of this app: a case moved. Receivers only write rows."""

from django.dispatch import Signal

# Sent inside the transaction, with: case (Case as it is now), move (workflow.Move),
# event (CaseEvent), by (User or None: the public or the system).
case_moved = Signal()
