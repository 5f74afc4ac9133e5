"""Writers side by side: every write succeeds and no node is damaged, on both databases."""

import threading

import pytest
from django.db import connection

from benchmarks.bench_tree_writers import build_forest, storm
from orgs import services
from orgs.integrity import tree_problems
from orgs.models import OrgUnit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("writers", [2, 4, 8])
def test_writers_side_by_side_damage_nothing(writers):
    storm(writers, 96 // writers)


def test_two_who_move_communities_into_each_others_streets_do_not_lock_up():
    communities = build_forest()
    first, second = communities[0], communities[-1]
    goals = {first.pk: second.parent, second.pk: first.parent}
    errors: list[BaseException] = []
    gate = threading.Barrier(2)

    def go(node: OrgUnit) -> None:
        try:
            gate.wait()
            services.move(node=node, parent=goals[node.pk], by=None)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(node,)) for node in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert tree_problems() == []
    assert OrgUnit.objects.get(pk=first.pk).parent == goals[first.pk]


def test_a_writer_who_waited_follows_a_node_into_its_new_tree():
    """The branch changes trees while others add below it: they must lock where it is now."""
    communities = build_forest()
    branch = services.add_org_unit(
        parent=communities[0], name="网格党支部", tier=3, org_form="branch", by=None
    )
    errors: list[BaseException] = []
    gate = threading.Barrier(3)

    def wander() -> None:
        for goal in (*communities[1:], communities[0]):
            services.move(node=branch, parent=goal, by=None)

    def add(number: int) -> None:
        for step in range(10):
            services.add_org_unit(
                parent=branch, name=f"小组{number}-{step}", tier=4, org_form="group", by=None
            )

    def run(act, *args) -> None:
        try:
            gate.wait()
            act(*args)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=call) for call in ((wander,), (add, 1), (add, 2))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert tree_problems() == []
    assert OrgUnit.objects.get(pk=branch.pk).get_descendant_count() == 20
