"""The signals of this app: something happened in a household, a need moved. Receivers only write rows."""

from django.dispatch import Signal

# Sent inside the transaction, after the rows of this app, with: event (LifeEvent), by (User or None).
life_happened = Signal()
# Sent inside the transaction when a keeper moved a need, with: need (Need as it is now),
# move (needflow.NeedMove), by (User).
need_moved = Signal()
