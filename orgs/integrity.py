"""Is the tree sound? Nesting, levels, parents, tiers, one root per tree id, no cycles."""

from collections.abc import Iterator
from typing import NamedTuple

from orgs.levels import ROOT_TIERS
from orgs.models import OrgUnit


class Row(NamedTuple):
    pk: int
    parent_id: int | None
    tree_id: int
    lft: int
    rght: int
    level: int
    tier: int


def tree_problems(tree_id: int | None = None) -> list[str]:
    """Return one sentence per fault, [] for a sound forest; reads every row once."""
    rows = OrgUnit.objects.order_by("tree_id", "lft", "pk")
    if tree_id is not None:
        rows = rows.filter(tree_id=tree_id)
    fields = Row._fields[1:]
    stream = (Row(*row) for row in rows.values_list("pk", *fields).iterator(chunk_size=5000))
    problems: list[str] = []
    parents: dict[int, int | None] = {}
    for tree in _trees(stream):
        parents |= {row.pk: row.parent_id for row in tree}
        problems += _tree_problems(tree)
    if problems:
        problems += _cycles(parents)
    return problems


def _trees(stream: Iterator[Row]) -> Iterator[list[Row]]:
    tree: list[Row] = []
    for row in stream:
        if tree and row.tree_id != tree[0].tree_id:
            yield tree
            tree = []
        tree.append(row)
    if tree:
        yield tree


def _tree_problems(tree: list[Row]) -> Iterator[str]:
    """Walk one tree in order of its left numbers with the open ancestors on a stack."""
    roots = [row for row in tree if row.parent_id is None]
    if len(roots) != 1:
        yield f"树 {tree[0].tree_id} 有 {len(roots)} 个根节点，应只有 1 个"
    if sorted(number for row in tree for number in (row.lft, row.rght)) != list(
        range(1, 2 * len(tree) + 1)
    ):
        yield f"树 {tree[0].tree_id} 的左右编号不连续或有重复"
    stack: list[Row] = []
    for row in tree:
        while stack and stack[-1].rght < row.lft:
            stack.pop()
        above = stack[-1] if stack else None
        if row.lft >= row.rght or (above and row.rght >= above.rght):
            yield f"节点 {row.pk} 的左右编号没有嵌套在上级之内"
        if row.parent_id != (above.pk if above else None):
            yield f"节点 {row.pk} 的上级与编号所示的上级不一致"
        if row.level != len(stack):
            yield f"节点 {row.pk} 的深度是 {row.level}，应为 {len(stack)}"
        if above is None and row.tier not in ROOT_TIERS:
            yield f"节点 {row.pk} 没有上级，但不是街道级或社区级"
        if above is not None and row.tier <= above.tier:
            yield f"节点 {row.pk} 的层级不低于它的上级"
        stack.append(row)


def _cycles(parents: dict[int, int | None]) -> Iterator[str]:
    """Find parent chains that never reach a root."""
    sound: set[int] = set()
    for start in parents:
        path: list[int] = []
        at: int | None = start
        while at is not None and at not in sound and at not in path:
            path.append(at)
            at = parents.get(at)
        if at is not None and at in path:
            yield f"节点 {at} 的上级关系成了环"
        sound.update(path)
