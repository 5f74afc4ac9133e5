"""Integrity checks of the register, by what they are about. Importing registers them."""

from residents.checks import care, heads, homes, papers, people, tags

__all__ = ["care", "heads", "homes", "papers", "people", "tags"]
