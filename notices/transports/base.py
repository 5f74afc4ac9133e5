"""What a transport is: one function that hands a parcel to the outside, or says why not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from notices.catalog import Urgency


@dataclass(frozen=True)
class Parcel:
    """One message as it leaves. `key` stays the same over attempts; `to` is a phone or an e-mail."""

    key: str
    title: str
    text: str
    url: str = ""  # absolute, "" when the installation has no address of its own
    to: str = ""
    address: str = ""  # of the channel, opened
    secret: str = ""
    template: str = ""
    expects: str = ""
    urgency: int = Urgency.ROUTINE


class TryLater(Exception):
    """It may work later; `pause` when the other side said how long to wait."""

    def __init__(self, reason: str, pause: timedelta | None = None) -> None:
        super().__init__(reason)
        self.pause = pause


class Refused(Exception):
    """It will not work by trying again: a wrong address, a removed robot, a wrong signature."""


@dataclass(frozen=True)
class Transport:
    code: str
    label: str
    send: Callable[[Parcel], None]
    to_group: bool = False  # a robot in a group; else it needs a person's address
    needs_channel: bool = True
    per_minute: int | None = None  # of one channel


_transports: dict[str, Transport] = {}


def transport(
    code: str,
    *,
    label: str,
    to_group: bool = False,
    needs_channel: bool = True,
    per_minute: int | None = None,
) -> Callable[[Callable[[Parcel], None]], Callable[[Parcel], None]]:
    """Register the decorated `send(parcel)`; it raises TryLater or Refused."""

    def register(send: Callable[[Parcel], None]) -> Callable[[Parcel], None]:
        if code in _transports:
            raise ValueError(f"two transports named {code!r}")
        _transports[code] = Transport(code, label, send, to_group, needs_channel, per_minute)
        return send

    return register


def transport_of(code: str) -> Transport:
    return _transports[code]


def all_transports() -> list[Transport]:
    return list(_transports.values())
