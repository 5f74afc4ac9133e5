"""The one signal of this app: a topic moved. Receivers only write rows."""

from django.dispatch import Signal

# Sent inside the transaction, with: topic (as it is now), move (workflow.Move), event, by.
topic_moved = Signal()
