"""The small demonstration, built once per module and rolled back after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from gridparty.lib.china_time import SHANGHAI

if TYPE_CHECKING:  # this file is read before Django is set up
    from gridparty.demo.world import World

NOW = datetime(2026, 11, 23, 16, 40, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    from django.db import transaction
    from django.test import override_settings

    from gridparty.demo.build import build
    from gridparty.demo.scale import SMALL

    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), media, transaction.atomic():
        yield build(scale=SMALL, seed=1, now=NOW)
        transaction.set_rollback(True)
