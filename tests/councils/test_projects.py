"""A resolution becomes a service project, and waits for it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from councils.services.projects import project_from_topic
from councils.work import open_work, work_of
from tests.councils.cast import Life
from tests.town import Town
from volunteers.models import Project, ProjectCategory


def facts(**more: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "name": "消防通道义务巡查", "category": ProjectCategory.objects.get(code="guard"),
        "about": "每周巡查两次", "kind": "patrol", "starts_on": today,
        "ends_on": today + timedelta(days=90), **more,
    }  # fmt: skip


def test_what_was_resolved_becomes_a_project_that_has_to_end(town: Town) -> None:
    life = Life(town).resolved()
    project = project_from_topic(topic=life.topic, by=town.users["community_staff"], **facts())
    assert (project.status, project.community) == ("draft", town.community)
    assert [(one.state, one.done) for one in work_of(life.topic)] == [("起草中", False)]
    assert "项目：消防通道义务巡查" in open_work(life.topic)
    Project.objects.filter(pk=project.pk).update(status="done")
    assert [one.done for one in work_of(life.topic)] == [True]


def test_before_a_resolution_there_is_no_project(town: Town) -> None:
    with pytest.raises(ValidationError, match="形成决议后"):
        project_from_topic(topic=Life(town).topic, by=town.users["community_staff"], **facts())


def test_from_the_page(town: Town, enter: Any) -> None:
    topic = Life(town).resolved().topic
    client, url = enter("community_staff"), f"/councils/topics/{topic.pk}/projects/new/"
    assert "立服务项目" in client.get(f"/councils/topics/{topic.pk}/").content.decode()
    page = client.get(url).content.decode()
    assert topic.title in page
    bad = client.post(url, {"name": "巡查", "about": ""})
    assert bad.status_code == 400
    today = timezone.localdate()
    typed = {"name": "巡查", "category": ProjectCategory.objects.get(code="guard").pk, "sessions": 4,
             "kind": "patrol", "about": "每周两次", "starts_on": today,
             "ends_on": today + timedelta(days=30)}  # fmt: skip
    assert client.post(url, typed).status_code == 302
    assert "项目：巡查" in client.get(f"/councils/topics/{topic.pk}/").content.decode()
    assert enter("other_community_staff").get(url).status_code == 404
    assert enter("volunteer").get(url).status_code == 403
