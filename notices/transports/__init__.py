"""The outside world is reached from this folder only. One file each, registered by decorator."""

from notices.transports import dingtalk, mail, sms, wecom  # noqa: F401
from notices.transports.base import (
    Parcel,
    Refused,
    Transport,
    TryLater,
    all_transports,
    transport_of,
)

__all__ = ["Parcel", "Refused", "Transport", "TryLater", "all_transports", "transport_of"]
