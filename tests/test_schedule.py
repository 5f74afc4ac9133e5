"""Beat's schedule names tasks that exist."""

import pytest

from gridparty.celery import app
from gridparty.schedule import BEAT_SCHEDULE


@pytest.mark.parametrize("job", BEAT_SCHEDULE)
def test_a_scheduled_job_is_a_registered_task(job):
    app.loader.import_default_modules()
    assert BEAT_SCHEDULE[job]["task"] in app.tasks
