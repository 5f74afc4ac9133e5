"""跟踪问效: when a look is due and what it may find. Pure."""

from datetime import date, datetime, timedelta

from django.db.models import TextChoices

from gridparty.lib.china_time import local_date

# Days after the closing; what the forms offer.
TERMS = (30, 90)


class EffectState(TextChoices):
    WAITING = "waiting", "待核查"
    DONE = "done", "已核查"
    LAPSED = "lapsed", "不再需要"


class Effect(TextChoices):
    LASTING = "lasting", "成效保持"
    PARTLY = "partly", "部分反弹，已当场处理"
    RELAPSED = "relapsed", "反弹，重新办理"


def due_on(closed: datetime, days: int) -> date:
    return local_date(closed) + timedelta(days=days)
