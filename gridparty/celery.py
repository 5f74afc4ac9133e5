"""The Celery application. Tasks are hints and sweeps over rows; a lost message loses nothing."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gridparty.settings")

app = Celery("gridparty")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
