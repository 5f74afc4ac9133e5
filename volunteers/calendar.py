"""Activities as an iCalendar file (RFC 5545): no personal data, lines folded at 75 octets. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

_ESCAPES = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n"))


def as_ics(shifts: Iterable[Any], *, host: str, now: datetime) -> bytes:
    """Return a calendar with one event a shift (each with its activity)."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//gridparty//volunteers//ZH",
        "CALSCALE:GREGORIAN",
    ]
    for shift in shifts:
        activity = shift.activity
        lines += [
            "BEGIN:VEVENT",
            f"UID:shift-{shift.pk}@{host}",
            f"DTSTAMP:{_utc(now)}",
            f"DTSTART:{_utc(shift.starts_at)}",
            f"DTEND:{_utc(shift.ends_at)}",
            f"SUMMARY:{_text(activity.title)}",
            f"LOCATION:{_text(activity.place)}",
            f"DESCRIPTION:{_text(activity.safety_note)}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    for plain, escaped in _ESCAPES:
        value = value.replace(plain, escaped)
    return value


def _folded(line: str) -> str:
    """Fold at 75 octets without cutting a character in two."""
    parts, width = [""], 0
    for character in line:
        size = len(character.encode())
        if width + size > 74:
            parts.append("")
            width = 0
        parts[-1] += character
        width += size
    return "\r\n ".join(parts)
