"""The shared ground of every app's `api.py`: pages, errors, scope, idempotent writes.

Import from the modules: the settings name some of them, and REST framework reads those settings
while it is being imported itself.
"""
