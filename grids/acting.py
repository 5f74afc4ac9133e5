"""A form and the verb behind it, under the name the apps above know it by: `orgs/acting.py`."""

from orgs.acting import attempt, do

__all__ = ["attempt", "do"]
