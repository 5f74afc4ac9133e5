"""问责: its closed lists and the order of its kinds. Pure."""

from django.db.models import TextChoices


class AccountKind(TextChoices):
    """From mild to hard; within a round only a harder one may follow."""

    REMIND = "remind", "提醒"
    TALK = "talk", "约谈"
    NAMED = "named", "通报"


class AccountState(TextChoices):
    PROPOSED = "proposed", "待决定"
    ISSUED = "issued", "已问责"
    DROPPED = "dropped", "不予问责"


class AccountGround(TextChoices):
    OVERDUE = "overdue", "督办后仍超期未办结"
    NO_REPLY = "no_reply", "逾期不回复督办"
    NO_SHOW = "no_show", "吹哨不到场"
    FALSE_RESULT = "false_result", "虚假办结"
    OTHER = "other", "其他"


KINDS = tuple(AccountKind)


def harder_than(kind: str) -> tuple[AccountKind, ...]:
    """Return the kinds that may follow `kind` ("" for none yet)."""
    return KINDS[KINDS.index(AccountKind(kind)) + 1 :] if kind else KINDS
