"""How cases go: each story plays the real services move by move, until the clock says today.

A story never writes a status itself. It ends when the next move would lie in the future, or when
the case has reached the status somebody asked for.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from cases.catalog import EMERGENCY, Level
from cases.models import Case
from cases.services import move
from cases.workflow import Status
from gridparty.demo import topics
from gridparty.demo.officehours import later
from gridparty.demo.topics import Topic
from gridparty.demo.world import GridFacts, TreeFacts
from gridparty.lib.workdays import WorkCalendar
from orgs.models import Unit, User

# Office hours a handler has, by SLA class; feedback comes at a share of it.
_HANDLING_HOURS = {
    "emergency": 2.0,
    "urgent": 9.0,
    "normal": 45.0,
    "complex": 90.0,
    "consult": 18.0,
}

_OFTEN_CALLED = ("城市管理局", "公安分局", "住房和城乡建设局", "市场监督管理局")


class StoryEnds(Exception):
    """The case stays where it is: the next move lies in the future, or the wished status is reached."""


@dataclass
class Play:
    """One case being played: who is around, what time it is, and when to stop."""

    case: Case
    topic: Topic
    facts: GridFacts
    tree: TreeFacts
    rng: Random
    calendar: WorkCalendar
    moment: datetime
    limit: datetime
    photos: Sequence[bytes]
    stop: Status | None = None
    haste: float = 1.0
    lateness: float = field(default=0.12)

    # ---- who acts ----

    @property
    def grid(self) -> User:
        """The worker where there is one, otherwise the head."""
        return self.facts.worker or self.head

    @property
    def head(self) -> User:
        return _present(self.facts.head)

    @property
    def staff(self) -> User:
        return _present(self.facts.community.staff)

    @property
    def secretary(self) -> User:
        return _present(self.facts.community.secretary)

    @property
    def street(self) -> User:
        """The command centre; in a three-level tree the community does the street's part."""
        return self.tree.dispatcher or self.staff

    @property
    def centre(self) -> User:
        return self.street if self.case.level == Level.STREET else self.staff

    def handler(self, unit: Unit) -> User:
        return self.tree.handlers[unit.pk]

    @property
    def lead(self) -> Unit:
        return self.tree.units[self.topic.department]

    def other_unit(self) -> Unit:
        """Return a department that is not the topic's."""
        names = [name for name in _OFTEN_CALLED if name != self.topic.department]
        return self.tree.units[self.rng.choice(names)]

    # ---- moving ----

    def do(self, name: str, by: User | None, hours: tuple[float, float], **inputs: Any) -> None:
        """Make the move some office hours later; raise StoryEnds when that is too late."""
        moment = later(self.moment, self.rng.uniform(*hours) * self.haste, self.calendar)
        if moment > self.limit:
            raise StoryEnds
        self.case = move(case=self.case, name=name, by=by, now=moment, **inputs)
        self.moment = moment
        if self.case.status == self.stop:
            raise StoryEnds

    def note(self, notes: tuple[str, ...]) -> str:
        return self.rng.choice(notes)

    def picture(self, always: bool) -> list[io.BytesIO]:
        wanted = always or self.rng.random() < 0.2
        return [io.BytesIO(self.rng.choice(self.photos))] if wanted else []

    # ---- parts of stories ----

    def accept(self) -> None:
        self.do("accept", self.head, (0.2, 5), note="情况属实，予以立案。")

    def call_up(self) -> None:
        self.do("call_up", self.head, (0.3, 4), note=self.note(topics.CALL_NOTES))

    def answer(self, by: User, **more: Any) -> None:
        """Feed back within the limit mostly; now and then late, after having been urged."""
        hours = _HANDLING_HOURS[self.case.sla_class.code]
        if self.rng.random() < 0.5 and self.case.first_contact_at is None:
            self.do("contact", by, (0.2, 3), note=self.note(topics.CONTACT_NOTES))
        share = (0.1, 0.75)
        if self.rng.random() < self.lateness:
            share = (1.1, 1.5)
            self.do(
                "urge", self.street, (hours * 0.4, hours * 0.5), note=self.note(topics.URGE_NOTES)
            )
        self.do(
            "feedback", by, (hours * share[0], hours * share[1]), note=self.topic.result,
            outcome="explained" if self.topic.slug.startswith(("policy", "suggestion")) else "solved",
            photos=self.picture(always=self.case.category.needs_photo), **more,
        )  # fmt: skip

    def finish(self, verifier: User, closer: User) -> None:
        method = self.rng.choice(("on_site", "on_site", "phone"))
        self.do("verify_pass", verifier, (0.5, 9), method=method)
        self.do("close", closer, (0.5, 8))


def settled_in_grid(play: Play) -> None:
    """小事不出网格: the grid handles it, the community checks and writes it off."""
    play.accept()
    play.do("self_handle", play.grid, (0.1, 3))
    play.answer(play.grid)
    play.finish(play.secretary, play.staff)


def assigned(play: Play) -> None:
    """The grid calls, the centre assigns one department."""
    play.accept()
    play.call_up()
    play.do("assign", play.centre, (0.3, 4), unit=play.lead, note=play.note(topics.ASSIGN_NOTES))
    _handled_by(play, play.lead)


def whistled(play: Play) -> None:
    """基层呼叫、街道吹哨、部门报到、问题销号."""
    if play.case.sla_class.code != EMERGENCY:
        play.accept()
        play.call_up()
        if play.case.level != Level.STREET and play.tree.dispatcher is not None:
            play.do("call_up", play.staff, (0.3, 3), note=play.note(topics.CALL_NOTES))
    helper = play.other_unit()
    play.do(
        "whistle", play.street, (0.2, 2), unit=play.lead, co_units=[helper],
        whistle_kind="enforcement" if play.topic.department == "城市管理局" else "daily",
        note=play.note(topics.WHISTLE_NOTES),
    )  # fmt: skip
    play.do("check_in", play.handler(play.lead), (0.3, 4), place="现场")
    play.do("check_in", play.handler(helper), (0.1, 1), place="现场")
    play.do("take", play.handler(play.lead), (0.1, 1))
    play.answer(play.handler(play.lead), waive=True)
    play.finish(play.head, play.street)


def sent_back(play: Play) -> None:
    """The first department says it is not its duty; the second handles it."""
    play.accept()
    play.call_up()
    wrong = play.other_unit()
    play.do("assign", play.centre, (0.3, 3), unit=wrong, note=play.note(topics.ASSIGN_NOTES))
    play.do(
        "return_back", play.handler(wrong), (1, 8), reason="not_our_duty",
        note="按部门职责分工，该事项不属于本单位，请另行交办。",
    )  # fmt: skip
    play.do("assign", play.centre, (0.3, 4), unit=play.lead, note=play.note(topics.ASSIGN_NOTES))
    _handled_by(play, play.lead)


def done_twice(play: Play) -> None:
    """The head is not content with the first result."""
    play.accept()
    play.call_up()
    play.do("assign", play.centre, (0.3, 3), unit=play.lead, note=play.note(topics.ASSIGN_NOTES))
    play.do("take", play.handler(play.lead), (0.3, 4))
    play.answer(play.handler(play.lead))
    play.do("verify_fail", play.head, (1, 6), note=play.note(topics.FAIL_NOTES))
    play.answer(play.handler(play.lead))
    play.finish(play.head, play.staff)


def _handled_by(play: Play, unit: Unit) -> None:
    play.do("take", play.handler(unit), (0.3, 6))
    play.answer(play.handler(unit))
    play.finish(play.head, play.staff)


def hung(play: Play) -> None:
    """No condition to solve it now: the department asks, the street lists it (挂账)."""
    play.accept()
    play.call_up()
    play.do("assign", play.centre, (0.3, 3), unit=play.lead, note=play.note(topics.ASSIGN_NOTES))
    play.do("take", play.handler(play.lead), (0.3, 4))
    play.do(
        "ask_hang", play.handler(play.lead), (1, 4), reason="funds", measure="现场设置警示标识，每周巡查",
        until=play.moment + timedelta(days=60), note="改造资金列入明年计划，目前没有条件彻底解决。",
    )  # fmt: skip
    play.do("grant_hang", play.street, (0.5, 4), note="同意挂账，落实临时措施。")


def merged(play: Play) -> None:
    """Somebody has reported it before: the community joins the two."""
    others = Case.objects.open().filter(community=play.case.community_id).exclude(pk=play.case.pk)
    main = others.order_by("-id").first()
    if main is not None:
        play.do("merge", play.staff, (0.3, 3), main=main.case_no)


def rejected(play: Play) -> None:
    play.do(
        "reject", play.head, (0.3, 5), reason="legal_channel",
        note="该问题正在诉讼程序中，请以法院裁判为准，社区可协助联系法律援助。",
    )  # fmt: skip


def withdrawn(play: Play) -> None:
    reporter = play.case.reporter_user
    play.do("withdraw", reporter, (0.1, 1), as_reporter=reporter is None, note="问题已自行解决。")


def voided(play: Play) -> None:
    play.accept()
    play.do("void", _present(play.tree.admin), (0.5, 3), reason="test", note="培训演练时录入。")


Story = Callable[[Play], None]


def run(story: Story, play: Play) -> Case:
    """Play the story as far as it goes and return the case as it is then."""
    try:
        story(play)
    except StoryEnds:
        pass
    return play.case


def _present(user: User | None) -> User:
    if user is None:
        raise LookupError("nobody holds this role here")
    return user
