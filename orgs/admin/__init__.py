"""The admin of the orgs app, by noun."""

from orgs.admin import calendar, people, records, tree, units, users

__all__ = ["calendar", "people", "records", "tree", "units", "users"]
