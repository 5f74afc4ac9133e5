"""Lists of who is paid what, kept by apps above: offered beside the funds they are paid from.

Filled from each app's `payouts.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import autodiscover_modules


@dataclass(frozen=True)
class PayoutList:
    label: str
    url: str


Provider = Callable[[Any], PayoutList | None]
_providers: list[Provider] = []


def payout_list(provider: Provider) -> Provider:
    """Register `provider(user)`: the newest list this user may open, or None."""
    _providers.append(provider)
    return provider


def payout_lists(user: Any) -> list[PayoutList]:
    autodiscover_modules("payouts")
    return [found for provider in _providers if (found := provider(user)) is not None]
