"""`field__among=frozenset(...)`: like `__in`, for thousands of values.

`__in` looks at every value several times and binds each as a parameter of its own; this binds them
all as one, and knows no limit of parameters.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import models


@models.Field.register_lookup
class Among(models.Lookup):  # type: ignore[type-arg]
    """Ready values (text or whole numbers) in a frozenset; a list would be looked through by Django."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        values = list(self.rhs)
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s)", (*params, values)
        found = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608
        return found, (*params, json.dumps(values))
