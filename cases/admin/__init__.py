"""The admin of cases, by kind of row."""

from cases.admin import places, records

__all__ = ["places", "records"]
