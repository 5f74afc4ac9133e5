"""When a message may go: quiet hours, the hours of digests, and the pauses between attempts. Pure."""

from datetime import datetime, time, timedelta
from random import Random

from gridparty.lib.china_time import local

QUIET_FROM, QUIET_UNTIL = time(22), time(7)
DIGEST_AT = (time(8, 30), time(17, 30))
# Not below a minute: the limits of group robots count attempts per minute.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=2)


def is_quiet(now: datetime) -> bool:
    """Say whether it is between 22:00 and 7:00 in China."""
    clock = local(now).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


def next_digest(now: datetime) -> datetime:
    """Return the next hour at which digests go out, strictly after `now`."""
    here = local(now)
    for day in (here, here + timedelta(days=1)):
        for clock in DIGEST_AT:
            moment = datetime.combine(day.date(), clock, here.tzinfo)
            if moment > here:
                return moment
    raise AssertionError("a day has digest hours")


def pause(attempts: int, dice: Random) -> timedelta:
    """Return the pause after the n-th failed attempt: doubled each time, up to a fifth longer."""
    doubled: int = 2 ** min(max(attempts - 1, 0), 20)
    wait = min(FIRST_PAUSE * doubled, LONGEST_PAUSE)
    return wait * (1 + dice.random() / 5)
