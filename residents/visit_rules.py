"""Words and rules of visiting (走访), pure: outcomes, safety points, classes of households."""

import math

from django.db.models import TextChoices


class Outcome(TextChoices):
    HOME = "home", "入户"
    PHONE = "phone", "电话联系"
    NOBODY = "nobody", "敲门无人"
    REFUSED = "refused", "拒访"


# Somebody was reached: it counts for the quota, for cadences and against "nobody there".
REACHED = (Outcome.HOME, Outcome.PHONE)
# So many times nobody at the door, and the home may be empty (domain brief §4F).
KNOCKS_UNTIL_EMPTY = 3


class Hazard(TextChoices):
    ELECTRICITY = "electricity", "用电"
    GAS = "gas", "燃气"
    FIRE = "fire", "消防"
    CABLE = "cable", "飞线充电"


class HomeClass(TextChoices):
    """How often a household is visited; the first that fits counts."""

    CARE = "care", "重点户"
    RENTED = "rented", "出租户"
    ORDINARY = "ordinary", "普通户"


# Visits a year by default: "普通户每年 2 次" and monthly ones (domain brief §2.7).
DEFAULT_TIMES = {HomeClass.CARE: 12, HomeClass.RENTED: 12, HomeClass.ORDINARY: 2}
MAX_PHOTOS = 6
# 5 % of a month's visits are called back (domain brief §4F).
CHECKED_SHARE = 0.05


def quarter_quota(homes: int, times_a_year: int) -> int:
    """Return how many distinct households of a class a quarter must reach.

    Twice a year means every second household a quarter; four times or more means every one.
    """
    return min(homes, math.ceil(homes * times_a_year / 4))


def interval_days(times_a_year: int) -> int:
    """Return after how many days such a household is on the task list again."""
    return 365 // max(1, times_a_year)


def sample_size(visits: int) -> int:
    """Return how many of a month's visits are called back: 5 %, at least one."""
    return math.ceil(visits * CHECKED_SHARE)
