"""Who is meant by the name on a nomination."""

from typing import Any

from gridparty.lib.text import row_id
from residents.models import Residency


def find_nominee(user: Any, query: Any) -> dict[str, Any]:
    """Return what the form begins with: ?residency= from a household's page, or ?grid=."""
    wanted = row_id(query.get("residency", ""))
    if wanted is not None:
        living = Residency.objects.visible_to(user).filter(pk=wanted, end=None)
        row = living.select_related("person", "household").first()
        if row is not None:
            return {
                "grid": row.household.grid_id,
                "name": row.person.name,
                "room": row.household.room,
            }
    grid = row_id(query.get("grid", ""))
    return {} if grid is None else {"grid": grid}
