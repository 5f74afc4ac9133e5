from grids.catalog import GridKind, GridStatus, LegacySystem, SlotSource
from grids.models.grid import Grid, LegacyGridCode
from grids.models.places import Building, Compound, Entrance
from grids.models.teams import GridTeamMember, TeamSlot, TeamTemplate

__all__ = [
    "Building", "Compound", "Entrance", "Grid", "GridKind", "GridStatus", "GridTeamMember",
    "LegacyGridCode", "LegacySystem", "SlotSource", "TeamSlot", "TeamTemplate",
]  # fmt: skip
