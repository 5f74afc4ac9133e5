"""Fixed words of Party work. Pure."""

from django.db.models import TextChoices

MAX_PHOTOS = 9
MAX_LINE, MAX_TEXT = 200, 2000


class FiveKind(TextChoices):
    """海恒 “五个一”: what every grid branch does each month (domain brief §3C), in this order."""

    STUDY = "study", "开展一次学习"
    TELL = "tell", "通报一些情况"
    REPORT = "report", "汇报一块工作"
    CLAIM = "claim", "认领一批任务"
    CONSULT = "consult", "协商一些难题"


FIVE_SHORT: dict[str, str] = {
    FiveKind.STUDY: "学习", FiveKind.TELL: "通报", FiveKind.REPORT: "汇报", FiveKind.CLAIM: "认领",
    FiveKind.CONSULT: "协商",
}  # fmt: skip
# Recordable without counting as late until so many working days after the month.
GRACE_WORKDAYS = 3
# Half the members at least, for a study to count.
STUDY_PERCENT = 50
REPORT_CHARACTERS = 50
REMIND_ON = (20, 27)
# Points of a confirmed item: on time, late.
ON_TIME, LATE = 1.0, 0.5


class Channel(TextChoices):
    MEETING = "meeting", "会议"
    GROUP = "group", "工作群"
    NOTICE = "notice", "公告栏"
