"""The ladder over the days before today: supervised, some answered in writing, some proposed for 问责."""

import io
from datetime import datetime, time, timedelta

from cases.accountability import AccountState
from cases.models import Accountability, Case
from cases.services import MoveRefused, move, scan_clocks
from cases.services.accounting import decide_account
from gridparty.demo.officehours import at, workday_before
from gridparty.demo.photos import draw_photos
from gridparty.demo.world import World
from orgs.workdays import work_calendar

SWEPT = (9, 5, 2)
_DECISIONS = (
    ("remind", "已书面提醒分管负责人，请三个工作日内办结并报结果。"),
    ("talk", "由街道分管领导约谈经办负责人，明确办结时间。"),
    ("", "等待产权单位出具意见，非承办单位拖延，不予问责，改为挂账办理。"),
)


def build_ladder(world: World, now: datetime) -> None:
    """Sweep as beat would have on earlier mornings, then let the street decide some of the records."""
    calendar = work_calendar()
    for days in SWEPT:
        day = workday_before(world.setting.today, days, calendar)
        scan_clocks(min(at(day, time(9, 0)), now))
        _answer_one(world, min(at(day, time(15, 0)), now))
    scan_clocks(now)
    _decide(world, now)


def _answer_one(world: World, moment: datetime) -> None:
    """One department answers its supervision in writing."""
    owed = Case.objects.open().filter(reply_due_at__gte=moment, lead_unit__isnull=False)
    for case in owed.select_related("lead_unit").order_by("pk")[:5]:
        tree = next(tree for tree in world.trees if tree.root.pk == case.street_id)
        handler = tree.handlers.get(case.lead_unit_id or 0)
        if handler is None:
            continue
        try:
            move(
                case=case, name="reply", by=handler, now=moment,
                note="因材料采购延误，已协调到位，预计五个工作日内办结。",
            )  # fmt: skip
        except MoveRefused:
            continue
        return


def _decide(world: World, now: datetime) -> None:
    waiting = Accountability.objects.filter(state=AccountState.PROPOSED).select_related("case")
    by_street = {tree.root.pk: tree for tree in world.trees}
    scenes, decided = draw_photos(world.setting.rng("ladder")), 0
    for record in waiting.order_by("pk"):
        by = by_street[record.case.street_id].dispatcher
        if by is None or decided == len(_DECISIONS):
            continue
        kind, text = _DECISIONS[decided]
        proof = [io.BytesIO(data) for data in scenes[decided : 2 * decided + 1]]
        decide_account(
            record=record, by=by, kind=kind, text=text, photos=proof, now=now - timedelta(hours=2)
        )
        decided += 1
