from grids.catalog import GridKind, GridStatus, LegacySystem, SlotSource
from grids.models.divisions import BranchTerm, BuildingTerm, DivisionRow, GridDivision
from grids.models.grid import Grid, LegacyGridCode
from grids.models.ground import CommunityShape, GridShape, GroundVersion
from grids.models.places import Building, Compound, Entrance
from grids.models.teams import GridTeamMember, TeamSlot, TeamTemplate

__all__ = [
    "BranchTerm",
    "Building",
    "BuildingTerm",
    "CommunityShape",
    "Compound",
    "DivisionRow",
    "Entrance",
    "Grid",
    "GridDivision",
    "GridKind",
    "GridShape",
    "GridStatus",
    "GridTeamMember",
    "GroundVersion",
    "LegacyGridCode",
    "LegacySystem",
    "SlotSource",
    "TeamSlot",
    "TeamTemplate",
]  # fmt: skip
