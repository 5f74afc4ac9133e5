"""Doors of a campaign as rows: one list of cells for the page, the file and the print."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from gridparty.lib.masking import mask_in_text
from orgs.workbook import Cell
from residents.campaigns.questions import field_of, shown
from residents.campaigns.states import DOOR_LIGHTS, DoorStatus
from residents.display import shown_door
from residents.models import CampaignDoor, CampaignQuestion

HIDDEN = "敏感，不显示"
ERASED = "已清除"
_FIXED = (
    ("门牌", 26),
    ("网格", 14),
    ("状态", 8),
    ("无人次数", 8),
    ("最近上门", 16),
    ("上门人", 10),
)


@dataclass(frozen=True)
class DoorRow:
    """One door as shown: `cells` stand under `columns_of`, the first one links to the door."""

    door: CampaignDoor
    cells: list[Cell]
    level: str
    labels: list[str]

    @property
    def labelled(self) -> list[tuple[str, Cell]]:
        return list(zip(self.labels, self.cells, strict=True))


def columns_of(questions: Sequence[CampaignQuestion]) -> list[tuple[str, int]]:
    return [*_FIXED, *((one.text, 18) for one in questions), ("备注", 20)]


def door_rows(
    doors: Iterable[Any], questions: Sequence[CampaignQuestion], *, in_full: set[int], erased: bool
) -> list[DoorRow]:
    """Return the rows of these doors (from `for_list`); `in_full` holds ids shown with their room."""
    labels = [label for label, _ in columns_of(questions)]
    return [_row(door, questions, labels, door.pk in in_full, erased) for door in doors]


def _row(
    door: CampaignDoor, questions: Any, labels: list[str], full: bool, erased: bool
) -> DoorRow:
    status = DoorStatus(door.status)
    at = timezone.localtime(door.last_at) if door.last_at else None
    fixed: list[Cell] = [
        shown_door(door.household, full=full), str(door.grid), str(status.label), door.tries,
        f"{at:%Y-%m-%d %H:%M}" if at else "", door.last_by.display_name if door.last_by else "",
    ]  # fmt: skip
    answers = [_answer(door, question, erased) for question in questions]
    note = mask_in_text(door.filled.note) if door.filled else ""
    return DoorRow(door, [*fixed, *answers, note], DOOR_LIGHTS[status], labels)


def _answer(door: CampaignDoor, question: CampaignQuestion, erased: bool) -> str:
    if door.filled is None:
        return ""
    if erased:
        return ERASED
    if question.sensitive:
        return HIDDEN if door.filled.secrets else ""
    return mask_in_text(shown(door.filled.answers.get(field_of(question))))
