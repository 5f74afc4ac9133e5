"""The one signal of this app. Receivers only write rows.

Sent inside the transaction, after the rows of this app, with `kind`, `by` (User or None) and
- kind "life": `event` (LifeEvent): something happened in a household;
- kind "need": `need` (Need as it is now) and `move` (needflow.NeedMove): a keeper moved a need.
"""

from django.dispatch import Signal

register_changed = Signal()
LIFE, NEED = "life", "need"
