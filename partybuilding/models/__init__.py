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
from partybuilding.models.means import (
    FundAllocation,
    FundLine,
    Patrol,
    Training,
    TrainingAttendance,
)
from partybuilding.models.papers import Honour, PaperReceipt, PolicyPaper
from partybuilding.models.photos import Photo
from partybuilding.models.programmes import Programme, ProgrammeLink
from partybuilding.models.ready import BasicsCheck, GridVenue
from partybuilding.models.steps import Step
from partybuilding.models.terms import CommitteeTerm

__all__ = [
    "Alliance",
    "AllianceMember",
    "Appraisal",
    "BasicsCheck",
    "BoardItem",
    "BranchMeeting",
    "CheckIn",
    "CommitteeTerm",
    "Confirmation",
    "FeedbackCard",
    "FundAllocation",
    "FundLine",
    "GridVenue",
    "Honour",
    "ItemLink",
    "JointRecord",
    "JointReview",
    "MemberDisplay",
    "MemberDuty",
    "MonthlyBoard",
    "Pairing",
    "PaperReceipt",
    "Patrol",
    "Photo",
    "PlanItem",
    "PolicyPaper",
    "Programme",
    "ProgrammeLink",
    "Step",
    "Training",
    "TrainingAttendance",
    "UnitDoor",
]
