"""Composition root: settings, URLs, Celery, schedule, demo. Nobody imports it (but its lib)."""

from gridparty.celery import app as celery_app

__version__ = "0.1.0"
__all__ = ["celery_app"]
