"""The one signal of this app: something happened in a household. Receivers only write rows."""

from django.dispatch import Signal

# Sent inside the transaction, after the rows of this app, with: event (LifeEvent), by (User or None).
life_happened = Signal()
