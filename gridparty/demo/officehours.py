"""Moments at which people act: within office hours of working days. Pure."""

from datetime import date, datetime, time, timedelta
from random import Random

from gridparty.lib.china_time import SHANGHAI, local
from gridparty.lib.workdays import WorkCalendar

OPENS, CLOSES = time(8, 30), time(17, 30)


def at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, tzinfo=SHANGHAI)


def later(start: datetime, hours: float, calendar: WorkCalendar) -> datetime:
    """Return the moment `hours` office hours after `start` (9 hours make a working day)."""
    left = timedelta(hours=hours)
    moment = local(start)
    while True:
        day = moment.date()
        if calendar.is_workday(day):
            moment = max(moment, at(day, OPENS))
            room = at(day, CLOSES) - moment
            if room >= left:
                return moment + left
            left -= max(room, timedelta())
        moment = at(day + timedelta(days=1), OPENS)


def any_time(day: date, rng: Random) -> datetime:
    """Return a moment at which residents report: from early morning until late evening."""
    return at(day, time(7)) + timedelta(minutes=rng.randrange(15 * 60))


def workday_before(day: date, count: int, calendar: WorkCalendar) -> date:
    """Return the `count`-th working day before `day`."""
    while count:
        day -= timedelta(days=1)
        count -= calendar.is_workday(day)
    return day
