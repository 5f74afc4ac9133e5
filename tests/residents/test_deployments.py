"""下沉干部: sending people into grids, what they then see, lists and counts."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from grids.models import Grid
from orgs.models import AuditEntry
from residents.campaigns.querysets import deployed_to
from residents.models import Deployment, TaskKind
from residents.services.campaigns import close_campaign
from residents.services.deployments import deploy, end_deployment
from tests.residents.rounds import day, door_of, opened
from tests.town import Town, make_person, make_user, person_of


def send(town: Town, **facts: Any) -> Deployment:
    return deploy(
        **{"person": make_person("卞下沉"), "grid": town.grid, "tasks": ["screening"], "by": None,
           "start": day(-1), "from_unit": town.department, **facts}
    )  # fmt: skip


def test_a_deployment_says_who_from_where_for_what(town: Town) -> None:
    made = send(town, tasks=["help", "publicity"], by=town.users["community_staff"])
    assert made.task_labels == "政策宣传、帮扶解困"
    assert made.origin == "城市管理局"
    assert AuditEntry.objects.get(action="deployment.start").street_id == town.street.pk
    from_org = send(town, from_unit=None, from_org=town.street)
    assert from_org.origin == town.street.name


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"from_unit": None}, "只填一个"),
        ({"tasks": []}, "任务请从"),
        ({"tasks": ["screening", "golf"]}, "任务请从"),
        ({"end": "before"}, "不能早于"),
        ({"note": "长" * 101}, "最多 100 个字"),
        ({"note": "空\0"}, "空字符"),
    ],
)
def test_what_cannot_be_is_refused(town: Town, facts: dict[str, Any], sentence: str) -> None:
    if facts.get("end"):
        facts = {"end": day(-9)}
    with pytest.raises(ValidationError, match=sentence):
        send(town, **facts)
    assert not Deployment.objects.exists()


def test_nobody_is_sent_twice_into_a_grid_at_a_time(town: Town) -> None:
    first = send(town)
    with pytest.raises(ValidationError, match="已下沉在这个网格"):
        send(town, person=first.person)
    send(town, person=first.person, grid=town.sister_grid)
    end_deployment(deployment=first, end=day(0), by=None)
    with pytest.raises(ValidationError, match="已下沉在这个网格"):
        send(town, person=first.person, start=day(0))
    send(town, person=first.person, start=day(1))
    with pytest.raises(ValidationError, match="已于"):
        end_deployment(deployment=first, end=day(3), by=None)


def test_closed_grids_and_foreign_campaigns_are_refused(town: Town) -> None:
    far = opened(town.sister_community)
    with pytest.raises(ValidationError, match="不涉及"):
        send(town, campaign=far)
    Grid.objects.filter(pk=town.grid.pk).update(status="closed")
    with pytest.raises(ValidationError, match="已经撤销"):
        send(town)


@pytest.mark.parametrize("who", ["other_community_staff", "grid_head", "dispatcher"])
def test_only_who_leads_there_sends_people(town: Town, who: str) -> None:
    with pytest.raises(PermissionDenied):
        send(town, by=town.users[who])


def test_the_deployed_see_the_rounds_of_their_grid_and_nothing_else(
    town: Town, client: Any
) -> None:
    cadre = make_user("cadre", "何下沉")
    campaign = opened(town.street)
    client.force_login(cadre)
    base = f"/residents/campaigns/{campaign.pk}/"
    assert client.get(base).status_code == 403
    made = send(town, person=person_of(cadre))
    cadre.__dict__.pop("_deployed_to", None)
    assert [row["campaign"].pk for row in client.get("/residents/campaigns/").context["rows"]] == [
        campaign.pk
    ]
    assert client.get(base).context["stats"][0]["value"] == 2
    own, other = door_of(campaign, town.households[0]), door_of(campaign, town.sister_household)
    assert client.get(f"{base}door/{own.pk}/").status_code == 200
    assert client.get(f"{base}door/{other.pk}/").status_code == 404
    assert client.get(f"{base}round/{town.sister_building.pk}/").status_code == 404
    for page in ("/residents/", f"/residents/{town.households[0].pk}/", "/residents/deployments/"):
        assert client.get(page).status_code == 403, page
    assert client.get(f"{base}doors/export/csv/").status_code == 403
    assert client.get(f"{base}edit/").status_code == 403
    [todo] = [t for t in client.get("/").context["todos"] if campaign.name in t.sentence]
    assert todo.count == 2
    saved = client.post(
        f"{base}door/{own.pk}/", {"outcome": "absent", "version": 1, "client_key": "k"}
    )
    assert saved.status_code == 302
    end_deployment(deployment=made, end=day(-1), by=None)
    assert client.get(base).status_code == 403


def test_a_deployment_for_one_round_opens_that_round_only(town: Town, client: Any) -> None:
    cadre = make_user("cadre", "何下沉")
    one, two = opened(town.community), opened(town.community, name="另一次")
    send(town, person=person_of(cadre), campaign=one)
    client.force_login(cadre)
    assert client.get(f"/residents/campaigns/{one.pk}/").status_code == 200
    assert client.get(f"/residents/campaigns/{two.pk}/").status_code == 404
    close_campaign(campaign=one, by=None, today=day(0))
    assert client.get(f"/residents/campaigns/{one.pk}/").status_code == 404


def test_deployments_are_read_once_a_request(town: Town, django_assert_num_queries: Any) -> None:
    cadre = make_user("cadre", "何下沉")
    send(town, person=person_of(cadre))
    with django_assert_num_queries(1):
        for _ in range(3):
            assert deployed_to(cadre, Deployment.objects) == [(town.grid.pk, None)]


def test_the_list_counts_people_by_origin_and_grid(town: Town, enter: Any) -> None:
    person = make_person("卞两格")
    send(town, person=person)
    send(town, person=person, grid=town.sister_grid)
    send(town, from_unit=None, from_org=town.street)
    send(town, grid=town.far_grid)
    ended = send(town)
    end_deployment(deployment=ended, end=day(-1), by=None)
    client = enter("community_staff")
    page = client.get("/residents/deployments/")
    assert page.context["people"] == 2
    assert page.context["page"].count == 3
    for group in page.context["groups"]:
        for one in group["rows"]:
            assert client.get(one["url"]).context["people"] == one["count"], one
    assert client.get("/residents/deployments/?when=all").context["people"] == 3
    assert enter("street_admin").get("/residents/deployments/").context["people"] == 3
    assert enter("other_street_admin").get("/residents/deployments/").context["people"] == 0
    assert "卞两格" not in page.content.decode()
    assert client.get("/residents/deployments/?grid=x").status_code == 400
    assert enter("volunteer").get("/residents/deployments/").status_code == 403


def test_the_export_masks_and_is_audited(town: Town, enter: Any) -> None:
    send(town, note="=1+1")
    answer = enter("community_staff").get("/residents/deployments/export/")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    row = [cell.value for cell in sheet[4]]
    assert row[0] == "卞*沉"
    assert row[-1] == "'=1+1"
    assert AuditEntry.objects.get(action="deployment.export").detail == {"rows": 1}
    assert enter("grid_head").get("/residents/deployments/export/").status_code == 403


def test_one_is_registered_and_ended_in_the_browser(town: Town, enter: Any) -> None:
    client = enter("community_staff")
    facts = {
        "name": "卞下沉", "phone": "16900000033", "from_unit": town.department.pk,
        "grid": town.grid.pk, "tasks": [TaskKind.HELP.value], "start": day(0),
    }  # fmt: skip
    bad = client.post("/residents/deployments/new/", {**facts, "from_org": town.community.pk})
    assert bad.status_code == 400
    assert "只填一个" in bad.content.decode()
    assert "16900000033" in bad.content.decode()
    assert client.post("/residents/deployments/new/", facts).status_code == 302
    made = Deployment.objects.get()
    elsewhere = {**facts, "grid": town.far_grid.pk}
    assert client.post("/residents/deployments/new/", elsewhere).status_code == 400
    url = f"/residents/deployments/{made.pk}/end/"
    assert enter("other_community_staff").get(url).status_code == 404
    assert enter("grid_head").get(url).status_code == 403
    assert client.post(url, {"end": day(0)}).status_code == 302
    made.refresh_from_db()
    assert made.end == timezone.localdate()
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert not Deployment.objects.in_force(tomorrow).exists()
    assert Deployment.objects.overlapping(day(-3), day(0)).exists()
