"""The lives of resources, claims, projects, activities, hours and asks, as tables (domain §3B, §4C). Pure.

Buttons, forms, services and tests read them; `services.lives.take_step` is the only writer of a
status. What a need goes through stands in `residents.needflow`.
"""

from dataclasses import dataclass

from django.db.models import TextChoices


class Who(TextChoices):
    """On whose side somebody acts; `volunteers.sides` says on which a user stands."""

    STAFF = "staff", "社区和网格"
    COMMUNITY = "community", "社区"
    SECRETARY = "secretary", "社区书记"
    UNIT = "unit", "单位"
    LEAD = "lead", "带队人"
    SELF = "self", "本人"
    SYSTEM = "system", "系统"


class ResourceStatus(TextChoices):
    OFFERED = "offered", "待审核"
    OPEN = "open", "开放中"
    RESERVED = "reserved", "已约满"
    USED_UP = "used_up", "已用完"
    EXPIRED = "expired", "已到期"
    REFUSED = "refused", "未采用"
    WITHDRAWN = "withdrawn", "已撤回"


class ClaimStatus(TextChoices):
    ASKED = "asked", "待社区确认"
    SENT = "sent", "待对方接受"
    LIVE = "live", "已对接"
    DONE = "done", "已完成"
    DECLINED = "declined", "未接受"
    CANCELLED = "cancelled", "已取消"


class ProjectStatus(TextChoices):
    DRAFT = "draft", "起草中"
    REVIEW = "review", "待审核"
    OPEN = "open", "待认领"
    RUNNING = "running", "实施中"
    DONE = "done", "已完成"
    EVALUATED = "evaluated", "已评价"
    STOPPED = "stopped", "已终止"


class ActivityStatus(TextChoices):
    DRAFT = "draft", "起草中"
    SCHEDULED = "scheduled", "报名中"
    SUBMITTED = "submitted", "时长待确认"
    CONFIRMED = "confirmed", "已完成"
    CANCELLED = "cancelled", "已取消"


class HoursStatus(TextChoices):
    LATE = "late", "补录待审批"
    SUBMITTED = "submitted", "待社区确认"
    CONFIRMED = "confirmed", "已确认"
    REJECTED = "rejected", "未认定"
    APPEALED = "appealed", "申诉中"


class SignUpStatus(TextChoices):
    SIGNED = "signed", "已报名"
    WAITING = "waiting", "候补"
    CANCELLED = "cancelled", "已取消"
    ATTENDED = "attended", "已参加"
    NO_SHOW = "no_show", "未到"


class AskStatus(TextChoices):
    ASKED = "asked", "等答复"
    ACCEPTED = "accepted", "已答应"
    DECLINED = "declined", "这次不去"
    WITHDRAWN = "withdrawn", "已撤回"
    LAPSED = "lapsed", "已失效"


# A claim takes its quantity from the need while it stands here.
HOLDING = (ClaimStatus.ASKED, ClaimStatus.SENT, ClaimStatus.LIVE, ClaimStatus.DONE)
PENDING = (ClaimStatus.ASKED, ClaimStatus.SENT)
USABLE = (ResourceStatus.OPEN, ResourceStatus.RESERVED)
# A project that may still be given needs to see to.
TAKES_NEEDS = (ProjectStatus.REVIEW, ProjectStatus.OPEN, ProjectStatus.RUNNING)
TAKES_PART = (SignUpStatus.SIGNED, SignUpStatus.ATTENDED)


@dataclass(frozen=True)
class Move:
    """One step of a life; `asks` is the label of the line it wants, "" for none.

    `system` moves follow from something else and never show as a button; `form` moves have a form
    of their own.
    """

    name: str
    label: str
    sources: tuple[str, ...]
    target: str
    who: tuple[Who, ...]
    asks: str = ""
    icon: str = "check2-circle"
    confirm: str = ""
    form: bool = False

    @property
    def is_system(self) -> bool:
        return self.who == (Who.SYSTEM,)


_R, _C, _P, _A, _H = ResourceStatus, ClaimStatus, ProjectStatus, ActivityStatus, HoursStatus
_K = AskStatus

RESOURCE = (
    Move("open", "审核通过", (_R.OFFERED,), _R.OPEN, (Who.COMMUNITY,)),
    Move("refuse", "不采用", (_R.OFFERED,), _R.REFUSED, (Who.COMMUNITY,), "原因", "x-octagon"),
    Move("reserve", "约满", (_R.OPEN,), _R.RESERVED, (Who.SYSTEM,)),
    Move("free", "有空余", (_R.RESERVED,), _R.OPEN, (Who.SYSTEM,)),
    Move("use_up", "已用完", USABLE, _R.USED_UP, (Who.UNIT, Who.COMMUNITY)),
    Move("expire", "到期", (_R.OFFERED, *USABLE), _R.EXPIRED, (Who.SYSTEM,)),
    Move("withdraw", "撤回", (_R.OFFERED, *USABLE), _R.WITHDRAWN, (Who.UNIT, Who.COMMUNITY),
         "撤回原因", "x-octagon"),
)  # fmt: skip
CLAIM = (
    Move("confirm", "确认对接", (_C.ASKED,), _C.LIVE, (Who.COMMUNITY,)),
    Move("accept", "接受派单", (_C.SENT,), _C.LIVE, (Who.UNIT, Who.LEAD)),
    Move("refuse", "不同意", (_C.ASKED,), _C.DECLINED, (Who.COMMUNITY,), "原因", "x-octagon"),
    Move("decline", "不能接", (_C.SENT,), _C.DECLINED, (Who.UNIT, Who.LEAD), "原因", "x-octagon"),
    Move("deliver", "已完成", (_C.LIVE,), _C.DONE, (Who.STAFF, Who.UNIT, Who.LEAD), "怎么完成的"),
    Move("cancel", "取消", (_C.ASKED, _C.SENT, _C.LIVE), _C.CANCELLED,
         (Who.COMMUNITY, Who.UNIT, Who.LEAD), "取消原因", "x-octagon"),
    Move("lapse", "需求已了结", (_C.ASKED, _C.SENT, _C.LIVE), _C.CANCELLED, (Who.SYSTEM,)),
)  # fmt: skip
PROJECT = (
    Move("submit", "提交审核", (_P.DRAFT,), _P.REVIEW, (Who.STAFF, Who.UNIT, Who.LEAD), icon="send"),
    Move("approve", "审核通过", (_P.REVIEW,), _P.OPEN, (Who.COMMUNITY,)),
    Move("return", "退回修改", (_P.REVIEW,), _P.DRAFT, (Who.COMMUNITY,), "退回原因", "reply"),
    Move("claim", "认领", (_P.OPEN,), _P.RUNNING, (Who.STAFF, Who.UNIT, Who.LEAD, Who.SELF),
         icon="hand-thumbs-up", form=True),
    Move("finish", "完成", (_P.RUNNING,), _P.DONE, (Who.STAFF, Who.UNIT, Who.LEAD)),
    Move("evaluate", "评价归档", (_P.DONE,), _P.EVALUATED, (Who.COMMUNITY,), "总体评价"),
    Move("stop", "终止", (_P.DRAFT, _P.REVIEW, _P.OPEN, _P.RUNNING), _P.STOPPED, (Who.COMMUNITY,),
         "终止原因", "x-octagon"),
)  # fmt: skip
ACTIVITY = (
    Move("publish", "发布报名", (_A.DRAFT,), _A.SCHEDULED, (Who.STAFF, Who.LEAD), icon="megaphone"),
    Move("submit", "提交时长", (_A.SCHEDULED,), _A.SUBMITTED, (Who.STAFF, Who.LEAD), icon="send",
         confirm="没有签到的人记为未到。确定提交吗？"),
    Move("return", "退回带队人", (_A.SUBMITTED,), _A.SCHEDULED, (Who.COMMUNITY,), "退回原因", "reply"),
    Move("confirm", "确认时长", (_A.SUBMITTED,), _A.CONFIRMED, (Who.COMMUNITY,),
         confirm="确认后记入时长和积分。确定吗？"),
    Move("cancel", "取消活动", (_A.DRAFT, _A.SCHEDULED), _A.CANCELLED, (Who.STAFF, Who.LEAD),
         "取消原因", "x-octagon"),
)  # fmt: skip
HOURS = (
    Move("approve", "同意补录", (_H.LATE,), _H.SUBMITTED, (Who.SECRETARY,)),
    Move("confirm", "确认", (_H.SUBMITTED,), _H.CONFIRMED, (Who.COMMUNITY,)),
    Move("reject", "不认定", (_H.LATE, _H.SUBMITTED), _H.REJECTED, (Who.COMMUNITY,), "原因",
         "x-octagon"),
    Move("appeal", "申诉", (_H.CONFIRMED, _H.REJECTED), _H.APPEALED, (Who.SELF,), "申诉理由",
         "chat-left-text"),
    Move("uphold", "维持原结果", (_H.APPEALED,), _H.CONFIRMED, (Who.SYSTEM,)),
    Move("drop", "维持未认定", (_H.APPEALED,), _H.REJECTED, (Who.SYSTEM,)),
)  # fmt: skip
# Who has no log-in answers by phone, and whoever leads writes it down.
ASK = (
    Move("accept", "参加", (_K.ASKED,), _K.ACCEPTED, (Who.SELF, Who.LEAD, Who.STAFF),
         icon="hand-thumbs-up"),
    Move("decline", "这次不去", (_K.ASKED,), _K.DECLINED, (Who.SELF, Who.LEAD, Who.STAFF),
         icon="x-octagon"),
    Move("withdraw", "撤回邀请", (_K.ASKED,), _K.WITHDRAWN, (Who.LEAD, Who.STAFF), icon="reply"),
    Move("lapse", "失效", (_K.ASKED,), _K.LAPSED, (Who.SYSTEM,)),
)  # fmt: skip
TABLES: dict[str, tuple[Move, ...]] = {
    "resource": RESOURCE, "claim": CLAIM, "project": PROJECT, "activity": ACTIVITY, "hours": HOURS,
    "ask": ASK,
}  # fmt: skip


def moves_from(subject: str, status: str) -> list[Move]:
    """Return the moves of a table that start at `status`, in its order."""
    return [move for move in TABLES[subject] if status in move.sources]


def move_of(subject: str, name: str) -> Move | None:
    return next((move for move in TABLES[subject] if move.name == name), None)
