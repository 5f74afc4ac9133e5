"""Reads of Party work. `visible_to(user)` is the one door to every list, count and file."""
