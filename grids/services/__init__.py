"""The writes of the grids app, as verbs: check, do, tell."""

from grids.services.drawing import (
    activate_grid,
    change_kind,
    close_grid,
    create_grid,
    describe_grid,
    rename_grid,
    set_branch,
)
from grids.services.legacy import (
    add_legacy_code,
    drop_legacy_code,
    merge_legacy_code,
    part_merge_legacy_code,
)
from grids.services.places import (
    add_entrance,
    create_building,
    describe_building,
    describe_entrance,
    move_buildings,
    set_party_group,
)
from grids.services.renaming import rename_building, rename_compound
from grids.services.shapes import drop_shape, place_building, save_community_shape, save_shape
from grids.services.teams import assign_member, edit_member, remove_member, replace_member

__all__ = [
    "activate_grid", "add_entrance", "add_legacy_code", "assign_member", "change_kind",
    "close_grid", "create_building", "create_grid", "describe_building", "describe_entrance", "describe_grid",
    "drop_legacy_code", "drop_shape", "edit_member", "merge_legacy_code", "move_buildings",
    "part_merge_legacy_code", "place_building", "remove_member", "rename_building",
    "rename_compound", "rename_grid", "replace_member", "save_community_shape",
    "save_shape", "set_branch", "set_party_group",
]  # fmt: skip
