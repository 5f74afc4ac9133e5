"""docs/case-workflow.md, written from the workflow table. Pure."""

from cases.workflow import ENDED, MOVES, OPEN, Status


def diagram() -> str:
    """Return docs/case-workflow.md: the Mermaid state diagram and the table, from MOVES."""
    lines = [
        "# 事项流程 (case workflow)",
        "",
        "Written by `python manage.py case_diagram` from `cases/workflow.py`; do not edit by hand.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        *(f'    state "{status.label}" as {status.value}' for status in Status),
    ]
    for move in MOVES:
        if not move.sources:
            lines.append(f"    [*] --> {move.target}: {move.label}")
        elif move.target is not None and move.name != "void":
            lines += [
                f"    {source.value} --> {move.target.value}: {move.label}"
                for source in move.sources
            ]
    lines += [f"    {status.value} --> [*]" for status in Status if status in ENDED]
    lines += [
        "```",
        "",
        "| Move | 动作 | From | To | Who | Required | Guards | Clock |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for move in MOVES:
        source = "、".join(status.label for status in move.sources) or "–"
        if move.sources == OPEN:
            source = "任何未结状态"
        elif move.name == "void":
            source = "任何状态"
        needs = "、".join(need.label for need in move.needs if need.required) or "–"
        lines.append(
            f"| `{move.name}` | {move.label} | {source} "
            f"| {move.target.label if move.target else '（不变）'} "
            f"| {'、'.join(who.label for who in move.who) or '系统'} | {needs} "
            f"| {', '.join(f'`{guard}`' for guard in move.guards) or '–'} | {move.clock.value} |"
        )
    return "\n".join([*lines, ""])
