"""A recording server, and channels that lead to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.notices.receiver import Receiver, receiver

if TYPE_CHECKING:
    from notices.models import Channel
    from tests.town import Town


@pytest.fixture
def server(settings: Any) -> Iterator[Receiver]:
    with receiver() as record:
        settings.NOTICE_ORIGINS = [record.origin]
        settings.NOTICE_SITE = "https://grid.example"
        yield record


@pytest.fixture
def channel(server: Receiver, town: Town) -> Callable[..., Channel]:
    from notices import services
    from notices.models import Channel

    def make(transport: str = "wecom", **more: Any) -> Channel:
        asked: dict[str, Any] = {
            "name": "幸福社区群", "org": town.community, "secret": "",
            "address": f"{server.origin}/hook?key={transport}{Channel.objects.count()}", **more,
        }  # fmt: skip
        return services.save_channel(
            channel=None, by=town.users["street_admin"], transport=transport, **asked
        )

    return make
