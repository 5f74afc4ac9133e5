"""Integrity checks of the register, by what they are about. Importing registers them."""

from residents.checks import heads, homes, papers, people, tags

__all__ = ["heads", "homes", "papers", "people", "tags"]
