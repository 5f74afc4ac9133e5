"""Finding the grid a cell names, among those where the user may act."""

from typing import Any

from django.core.exceptions import ValidationError

from gridparty.lib.text import squash
from grids.models import Grid
from grids.scope import territory_q
from orgs.tables.lookups import UNKNOWN


def find_grid(text: str, user: Any, noun: str, letters: str) -> Grid:
    """Return the live grid of this code, or of this name where it is the only one."""
    area = territory_q(user, noun, letters, grid="pk", building="buildings")
    mine = Grid.objects.filter(pk__in=Grid.objects.filter(area).values("pk")).live()
    word = squash(text)
    found = list(mine.filter(code=word)[:1] or mine.filter(name=word)[:2])
    if not found:
        raise ValidationError({"grid": f"网格{UNKNOWN}"})
    if len(found) > 1:
        raise ValidationError({"grid": "有几个同名网格，请填 15 位网格编码。"})
    return found[0]
