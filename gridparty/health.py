"""`/healthz`: may this process take requests? For load balancers, systemd and the quick start."""

import logging
from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


class Unmigrated(Exception):
    """The database lacks migrations of this code."""


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database is reachable and migrated, else 503. Tells nothing more."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        require_migrations()
    except (DatabaseError, Unmigrated) as error:
        # The class only: a driver's message may name hosts and users.
        logger.error("healthz: %s", type(error).__name__)
        return JsonResponse({"status": "unavailable"}, status=503)
    return JsonResponse({"status": "ok"})


@cache
def require_migrations() -> None:
    """Raise `Unmigrated` while migrations are missing. Success is remembered: reading them is slow."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Unmigrated
