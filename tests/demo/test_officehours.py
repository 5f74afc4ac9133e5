"""People act in office hours of working days, make-up weekends included."""

from datetime import date, datetime

from gridparty.demo.officehours import later, workday_before
from gridparty.demo.shapes import shares
from gridparty.lib.china_time import SHANGHAI
from gridparty.lib.workdays import WorkCalendar, load_known_overrides

CALENDAR = WorkCalendar({day: works for day, (works, _) in load_known_overrides().items()})


def moment(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def test_it_stays_within_the_day() -> None:
    assert later(moment(23, 9), 2, CALENDAR) == moment(23, 11)


def test_it_goes_on_the_next_working_day() -> None:
    assert later(moment(20, 16, 30), 2, CALENDAR) == moment(23, 9, 30)  # Friday to Monday


def test_it_waits_for_the_office_to_open() -> None:
    assert later(moment(22, 3), 0, CALENDAR) == moment(23, 8, 30)
    assert later(moment(23, 22), 0.5, CALENDAR) == moment(24, 9)


def test_it_skips_the_national_holiday() -> None:
    assert later(moment(30, 17, month=9), 1, CALENDAR).date() == date(2026, 10, 8)


def test_it_counts_working_days_back() -> None:
    assert workday_before(date(2026, 11, 23), 1, CALENDAR) == date(2026, 11, 20)


def test_shares_add_up() -> None:
    assert shares(11, 3) == [4, 4, 3]
    assert sum(shares(59, 16)) == 59
