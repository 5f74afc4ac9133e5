"""The tables of Party work."""

from partybuilding.models.five import BoardItem, BranchMeeting, ItemLink, MonthlyBoard
from partybuilding.models.photos import Photo
from partybuilding.models.steps import Step

__all__ = ["BoardItem", "BranchMeeting", "ItemLink", "MonthlyBoard", "Photo", "Step"]
