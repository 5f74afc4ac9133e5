"""Writes of the cases app. Pages, API, admin, tasks and the demo come through here.

- `report_case(*, by, text, category, grid|building, address, source, photos, reporter_name,
  reporter_phone, anonymous, confidential, client_key, now) -> Case`; by=None is the public.
- `move(*, case, name, by, version, photos, as_reporter, now, **needs) -> Case`: the only writer of
  a status; `needs` are the names in `workflow.Move.needs`, as instances, ids or plain texts.
- `transitions_for(case, user, as_reporter=False) -> list[Move]`: the buttons.
- `refusal_of(case, name, user, as_reporter=False) -> MoveRefused | None`: why a button is missing.
- `contact_for(case, user) -> Contact` and `reveal_contact(*, case, by, purpose) -> Contact`.
- `add_photos(*, case, by, uploads)`: photos that arrive after the words.
- Refusals are `MoveRefused` with `code`, `message`, `fields`, `http_status`.
- `record_revisit(*, revisit, by, method, reached, solved, satisfaction, reason, note, reopen)`,
  `decide_revisit(*, revisit, by, outcome, note)`, `assign_revisit(*, revisit, to, by)`,
  `eligible_revisitors(revisit)`; all return or list Revisit rows. The draw: `cases.revisits`.
- `rate_case(*, report, satisfaction, reason, note, now) -> Rating`, `rateable(report) -> Rateable |
  None`: 群众自评, by whoever has proven the tracking code; never a revisit.
- `undo(*, case, by, now) -> Case`, `undoable(case, user) -> Move | None`: 撤销刚才的操作.
- `scan_clocks(now)`: the sweep that urges and supervises.
- `score_whistle(*, task, by, resolution, attitude, reason, note, correction) -> WhistleScore` and
  `scoring_refusal(task, user)`: the whistle-blower's judgement of one department.
"""

from cases.services.actors import sides_of, waiting_request
from cases.services.contacts import Contact, contact_for, reveal_contact
from cases.services.moves import move, refusal_of, transitions_for
from cases.services.photos import add_photos
from cases.services.rating import Rateable, rate_case, rateable
from cases.services.refusals import MoveRefused
from cases.services.reports import report_case
from cases.services.revisiting import (
    assign_revisit,
    decide_revisit,
    eligible_revisitors,
    may_decide,
    record_revisit,
)
from cases.services.sweep import scan_clocks
from cases.services.undo import undo, undoable
from cases.services.whistles import score_whistle, scoring_refusal
from cases.workflow import MOVES
from orgs.audit import describe_actions

describe_actions(
    **{f"case__{entry.name}": f"事项：{entry.label}" for entry in MOVES},
    case__undo="事项：撤销刚才的操作",
    case__add_photos="事项：补充照片",
    whistle__score="吹哨评分",
    whistle__correct="更正吹哨评分",
    case__reveal_contact="查看反映人联系方式",
    case__rate="反映人评价办理情况",
    revisit__draw="抽取月度回访",
    revisit__record="登记回访",
    revisit__assign="指派回访员",
    revisit__decide="处置不满意回访",
)

__all__ = [
    "Contact", "MoveRefused", "Rateable", "add_photos", "assign_revisit", "contact_for",
    "decide_revisit", "eligible_revisitors", "may_decide", "move", "rate_case", "rateable",
    "record_revisit", "refusal_of", "report_case", "reveal_contact", "scan_clocks", "score_whistle",
    "scoring_refusal", "sides_of", "transitions_for", "undo", "undoable", "waiting_request",
]  # fmt: skip
