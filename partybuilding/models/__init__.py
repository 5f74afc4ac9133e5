"""The tables of Party work."""

from partybuilding.models.checkins import (
    Appraisal,
    CheckIn,
    Confirmation,
    FeedbackCard,
    MemberDuty,
    UnitDoor,
)
from partybuilding.models.displays import MemberDisplay
from partybuilding.models.five import BoardItem, BranchMeeting, ItemLink, MonthlyBoard
from partybuilding.models.joint import (
    Alliance,
    AllianceMember,
    JointRecord,
    JointReview,
    Pairing,
    PlanItem,
)
from partybuilding.models.photos import Photo
from partybuilding.models.steps import Step

__all__ = [
    "Alliance", "AllianceMember", "Appraisal", "BoardItem", "BranchMeeting", "CheckIn",
    "Confirmation", "FeedbackCard", "ItemLink", "JointRecord", "JointReview", "MemberDisplay", "MemberDuty",
    "MonthlyBoard", "Pairing", "Photo", "PlanItem", "Step", "UnitDoor",
]  # fmt: skip
