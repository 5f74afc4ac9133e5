"""Who is meant by the name on a nomination."""

from typing import Any

from residents.models import Residency


def find_nominee(user: Any, query: Any) -> dict[str, Any]:
    """Return what the form begins with: ?residency= from a household's page, or ?grid=."""
    wanted = query.get("residency", "")
    if _is_id(wanted):
        living = Residency.objects.visible_to(user).filter(pk=int(wanted), end=None)
        row = living.select_related("person", "household").first()
        if row is not None:
            return {
                "grid": row.household.grid_id,
                "name": row.person.name,
                "room": row.household.room,
            }
    grid = query.get("grid", "")
    return {"grid": grid} if _is_id(grid) else {}


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
