"""What the demonstration holds: the three shapes of the report, people, cases in every state."""

from datetime import date
from io import StringIO
from random import Random

import pytest
from django.core.management import call_command
from django.db.models import Count, F
from django.urls import reverse

from assessments.models import QuarterAssessment
from cases.models import Attachment, Case, CaseEvent, Revisit
from cases.workflow import Status
from gridparty.demo.accounts import ACCOUNTS, CAST, PASSWORD
from gridparty.demo.families import Families
from gridparty.demo.people import People
from gridparty.demo.shapes import DEMO_GRID, OTHER_GRID
from gridparty.demo.world import World
from gridparty.lib.citizen_id import parse_citizen_id
from grids.catalog import GridKind, GridStatus
from grids.models import Building, Grid, GridTeamMember
from grids.staffing import team_completeness
from orgs.integrity import tree_problems
from orgs.levels import OrgForm, Tier
from orgs.models import AuditEntry, OrgPost, OrgUnit, PartyMember, Person, User
from orgs.quality import Asked, Severity, all_checks
from orgs.roles import Role
from residents.models import (
    CareTag,
    CorridorHead,
    Household,
    LifeEvent,
    LinkedHousehold,
    Residency,
    door_key,
)
from tests.demo.conftest import NOW

pytestmark = pytest.mark.django_db


def nodes(root_code: str, tier: Tier) -> int:
    root = OrgUnit.objects.get(division_code=root_code)
    return len(OrgUnit.objects.filter(tree_id=root.tree_id, tier=tier))


# ---- the three shapes ----


def test_it_has_the_organisations_of_haiheng(demo: World) -> None:
    root = OrgUnit.objects.get(division_code="340177405")
    assert (root.name, root.tier, root.org_form) == ("海恒社区党委", Tier.STREET, OrgForm.COMMITTEE)
    assert nodes("340177405", Tier.COMMUNITY) == 6
    assert nodes("340177405", Tier.BRANCH) == 16
    assert nodes("340177405", Tier.GROUP) == 46
    communities = OrgUnit.objects.filter(parent=root)
    assert {one.org_form for one in communities} == {OrgForm.GENERAL_BRANCH}
    assert communities.get(division_code="340177405001").region.name == "耕云居民委员会"


def test_it_has_the_67_grids_of_haiheng(demo: World) -> None:
    grids = Grid.objects.filter(street__division_code="340177405")
    kinds = dict(grids.values_list("kind").annotate(n=Count("pk")))
    assert kinds == {GridKind.RESIDENTIAL: 59, GridKind.EXCLUSIVE: 3, GridKind.RESERVED: 5}
    reserved = grids.filter(kind=GridKind.RESERVED)
    assert not reserved.exclude(status=GridStatus.RESERVED, activated_on=None).exists()
    assert not Building.objects.filter(grid__in=reserved).exists()
    active = grids.filter(status=GridStatus.ACTIVE)
    assert active.values("party_branch").distinct().count() == 16
    assert not active.exclude(party_branch__parent=F("community")).exists()


def test_it_has_four_levels_and_a_branch_per_grid_in_xuancheng(demo: World) -> None:
    root = OrgUnit.objects.get(division_code="341802004")
    assert (root.tier, root.org_form) == (Tier.STREET, OrgForm.WORKING_COMMITTEE)
    assert nodes("341802004", Tier.COMMUNITY) == 5
    grids = Grid.objects.filter(street=root)
    assert grids.count() == nodes("341802004", Tier.BRANCH) == 10
    assert grids.values("party_branch").distinct().count() == 10
    assert set(grids.values_list("team_template__code", flat=True)) == {"xuancheng-1-2-n"}


def test_it_has_three_levels_in_huangshan(demo: World) -> None:
    root = OrgUnit.objects.get(division_code="341002002001")
    assert (root.parent, root.tier, root.region.name) == (None, Tier.COMMUNITY, "柏树街社区居委会")
    assert nodes("341002002001", Tier.STREET) == 0
    assert (nodes("341002002001", Tier.BRANCH), nodes("341002002001", Tier.GROUP)) == (4, 8)
    grids = Grid.objects.filter(community=root)
    assert set(grids.values_list("team_template__code", "street")) == {("huangshan-1-6", root.pk)}


def test_its_trees_are_sound(demo: World) -> None:
    assert OrgUnit.objects.filter(parent=None).count() == 3
    assert tree_problems() == []


# ---- people ----


def test_every_household_has_one_head_unless_it_is_vacant(demo: World) -> None:
    heads = Residency.objects.filter(is_head=True).values("household")
    assert heads.distinct().count() == heads.count()
    vacant = Household.objects.exclude(pk__in=heads)
    assert set(vacant.values_list("occupancy", flat=True)) == {"vacant"}
    assert not Household.objects.exclude(community=F("building__community")).exists()
    assert not Household.objects.exclude(grid=F("building__grid")).exists()


def test_homes_are_listed_in_the_order_of_their_doors(demo: World) -> None:
    homes = Household.objects.filter(grid__code=DEMO_GRID).order_by("sort_key")
    doors = [(int(home.building.name[:-1]), int(home.room)) for home in homes]
    assert doors == sorted(doors) and len(doors) == 24
    home = homes.select_related("building__compound", "entrance")[0]
    assert home.entrance is not None
    assert home.sort_key == door_key(
        compound=home.building.compound.name, building=home.building.name,
        unit=home.entrance.name, room=home.room,
    )  # fmt: skip


def test_its_people_are_invented_and_valid(demo: World) -> None:
    for person in Person.objects.order_by("?")[:300]:
        found = parse_citizen_id(person.id_number.reveal(), NOW.date())
        assert found.region_code == "349901"
        assert found.birth_date == person.birth_date
        assert ("M" if person.gender == "1" else "F") == found.gender
        assert person.phone.reveal()[:4] in ("", "1695")
        assert person.name_initials


def test_key_populations_fit_their_people(demo: World) -> None:
    codes = set(CareTag.objects.values_list("kind__code", flat=True))
    assert {"advanced_age", "empty_nest", "living_alone"} <= codes
    old = CareTag.objects.filter(kind__code="advanced_age").select_related("person")
    assert all(NOW.year - (tag.person.birth_year or 0) >= 80 for tag in old)


def test_members_belong_to_the_group_of_their_building(demo: World) -> None:
    here = PartyMember.objects.filter(residing=True, org_unit__tier=Tier.GROUP)
    assert here.count() > 500
    homes = Residency.objects.values_list("person", "household__building__party_group")
    group_of = dict(homes)
    assert all(group_of[one.person_id] == one.org_unit_id for one in here)


def test_posts_are_filled(demo: World) -> None:
    upper = OrgUnit.objects.exclude(tier=Tier.GROUP)
    led = OrgPost.objects.filter(kind="secretary").values_list("org_unit", flat=True)
    assert sorted(led) == sorted(upper.values_list("pk", flat=True))
    leaders = OrgPost.objects.filter(kind="group_leader")
    assert leaders.count() >= 0.9 * OrgUnit.objects.filter(tier=Tier.GROUP).count()


def test_every_active_grid_has_its_team(demo: World) -> None:
    today = NOW.date()
    for grid in Grid.objects.assessed():
        assert team_completeness(grid, today).is_complete, grid


def test_corridor_heads_keep_about_ten_neighbouring_homes(demo: World) -> None:
    head = User.objects.get(username="corridor_head").person
    homes = Household.objects.filter(head_links__head=head)
    assert 3 <= homes.count() <= 10
    assert homes.filter(residencies__person=head).exists()
    assert {home.grid.code for home in homes} == {DEMO_GRID}
    assert not LinkedHousehold.objects.filter(household__occupancy="vacant").exists()
    duty = CorridorHead.objects.in_duty(NOW.date())
    assert set(duty.values_list("person", flat=True)) == set(
        LinkedHousehold.objects.values_list("head", flat=True)
    )
    assert not duty.moved_away(NOW.date()).exists()


# ---- log-ins ----


def test_there_is_a_login_for_every_role_of_the_issue(demo: World) -> None:
    assert [name for name, _ in ACCOUNTS] == [
        "sysadmin", "auditor", "district_official", "street_admin", "dispatcher",
        "community_staff", "community_secretary", "branch_secretary", "grid_head", "grid_worker",
        "corridor_head", "dept_handler", "partner_unit", "volunteer", "revisitor",
        "other_grid_head", "other_street_admin",
    ]  # fmt: skip


@pytest.mark.parametrize("account", CAST, ids=lambda account: account.username)
def test_it_lets_everybody_log_in_and_see_a_home(demo: World, client, account) -> None:
    user = User.objects.get(username=account.username)
    assert not user.is_superuser and not user.is_staff
    assert {grant.role for grant in user.grants} == {account.role}
    answer = client.post(reverse("login"), {"username": account.username, "password": PASSWORD})
    assert answer.status_code == 302
    assert client.get(reverse("home")).status_code == 200


def test_nobody_else_can_log_in(demo: World) -> None:
    others = User.objects.exclude(username__in=[account.username for account in CAST])
    assert others.count() > 100
    assert not any(user.has_usable_password() for user in others)


def test_the_grid_people_serve_the_demo_grids(demo: World) -> None:
    for username, code, role in (
        ("grid_head", DEMO_GRID, Role.GRID_HEAD),
        ("grid_worker", DEMO_GRID, Role.GRID_WORKER_FT),
        ("other_grid_head", OTHER_GRID, Role.GRID_HEAD),
    ):
        team = GridTeamMember.objects.filter(person__user__username=username)
        assert [(member.grid.code, member.slot.role) for member in team] == [(code, role)]


def test_the_other_street_sees_nothing_of_haiheng(demo: World) -> None:
    for username in ("other_grid_head", "other_street_admin"):
        user = User.objects.get(username=username)
        for model in (Case, Household, Grid):
            codes = model.objects.visible_to(user).values_list("district", flat=True)
            assert set(codes) == {"341802"}, (username, model)


# ---- cases ----


def test_every_status_occurs_in_the_demo_grid(demo: World) -> None:
    found = set(Case.objects.filter(grid__code=DEMO_GRID).values_list("status", flat=True))
    assert found >= set(Status.values) - {Status.REOPENED}
    assert Case.objects.filter(status=Status.REOPENED).exists()


def test_cases_follow_the_calendar(demo: World) -> None:
    moments = list(
        Case.objects.filter(parent=None).order_by("id").values_list("created_at", flat=True)
    )
    assert moments == sorted(moments) and moments[-1] <= NOW
    assert not CaseEvent.objects.filter(at__gt=NOW).exists()
    months = {(day.year, day.month) for day in Case.objects.dates("created_at", "month")}
    assert {(2026, 9), (2026, 10), (2026, 11)} <= months


def test_some_cases_are_late_and_have_been_urged(demo: World) -> None:
    assert Case.objects.overdue(NOW).exists()
    assert Case.objects.exclude(urged_at=None).exists()


def test_the_departments_work_for_the_demo_handler(demo: World) -> None:
    user = User.objects.get(username="dept_handler")
    waiting = Case.objects.waiting_for(user).values_list("status", flat=True)
    assert {Status.ASSIGNED, Status.WHISTLED, Status.CHECKED_IN} <= set(waiting)


def test_photos_are_kept(demo: World) -> None:
    photo = Attachment.objects.first()
    assert photo is not None
    with photo.file.open() as file:
        assert file.read(2) == b"\xff\xd8"


def test_last_month_was_drawn_and_one_answer_reopened_its_case(demo: World) -> None:
    october = Revisit.objects.filter(month="2026-10")
    assert october.filter(state=Revisit.State.PENDING).exists()
    assert october.filter(state=Revisit.State.DONE).count() > 5
    [unhappy] = october.filter(satisfaction="unsatisfied")
    assert unhappy.case.status == Status.REOPENED and unhappy.case.cycle == 2
    assert unhappy.assignee == User.objects.get(username="revisitor")


def test_last_quarter_has_a_draft_for_every_active_grid(demo: World) -> None:
    drafts = QuarterAssessment.objects.filter(quarter="2026Q3")
    assert drafts.count() == Grid.objects.assessed().count()
    assert drafts.exclude(composite=None).exists()


# ---- again ----


def test_a_second_run_says_so_and_changes_nothing(demo: World) -> None:
    before = (Person.objects.count(), AuditEntry.objects.count())
    out = StringIO()
    call_command("demo", stdout=out)
    assert "已有数据" in out.getvalue()
    assert (Person.objects.count(), AuditEntry.objects.count()) == before


def test_the_same_seed_draws_the_same_people() -> None:
    def names(seed: int) -> list[str]:
        families = Families(People(Random(seed), date(2026, 11, 23)))
        return [
            m.human.id_number + m.human.name for _ in range(50) for m in families.draw().members
        ]

    assert names(1) == names(1) != names(2)


def test_life_happened_in_the_demo_grid(demo: World) -> None:
    kinds = set(LifeEvent.objects.values_list("kind", flat=True))
    assert {"birth", "moved_in", "rented", "away"} <= kinds
    assert set(LifeEvent.objects.values_list("household__grid", flat=True)) == {
        demo.grid(DEMO_GRID).grid.pk
    }


def test_no_integrity_check_of_severity_error_is_open(demo: World) -> None:
    asked = Asked(demo.setting.today)
    broken = {
        one.code: one.look(asked).count() for one in all_checks() if one.severity == Severity.ERROR
    }
    assert {code for code, count in broken.items() if count} == set()
