"""What imports leave behind is not kept for ever."""

from datetime import datetime, timedelta

from django.conf import settings

from orgs.fields import Sealed
from residents.models import RosterConflict, RosterUndo

# A contradiction nobody looked at for so long is no longer news; what the file said goes with it.
QUESTIONS = timedelta(days=180)


def forget_imports(now: datetime) -> dict[str, int]:
    """Drop undo records that can no longer be used, and questions nobody answered."""
    undo = RosterUndo.objects.filter(
        job__finished_at__lt=now - timedelta(days=settings.UNDO_DAYS)
    ).exclude(job__state="undoing")
    dropped, _by_model = undo.delete()
    old = RosterConflict.objects.filter(state=RosterConflict.State.OPEN)
    expired = old.filter(created_at__lt=now - QUESTIONS).update(
        state=RosterConflict.State.EXPIRED, decided_at=now, payload=Sealed("")
    )
    return {"undo": dropped, "expired": expired}
