"""tree_problems finds every kind of damage; check_tree says so."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from orgs.integrity import tree_problems
from orgs.models import OrgUnit
from tests.town import Town


def damage(node, **columns):
    OrgUnit.objects.filter(pk=node.pk).update(**columns)


def test_a_sound_forest_has_no_problems(town: Town):
    assert tree_problems() == []
    out = StringIO()
    call_command("check_tree", stdout=out)
    assert "完好" in out.getvalue()


@pytest.mark.parametrize(
    ("who", "columns", "words"),
    [
        ("branch", {"lft": 100, "rght": 101}, "不一致"),
        ("branch", {"rght": 99}, "没有嵌套"),
        ("group", {"level": 7}, "深度是 7"),
        ("branch", {"tier": 2}, "层级不低于"),
        ("group", {"lft": 2}, "不连续或有重复"),
    ],
)
def test_damage_is_found(town: Town, who, columns, words):
    damage(getattr(town, who), **columns)
    problems = tree_problems()
    assert any(words in problem for problem in problems), problems
    with pytest.raises(CommandError, match="处问题"):
        call_command("check_tree", stderr=StringIO())


def test_two_trees_of_one_number_are_found(town: Town):
    damage(town.other_street, tree_id=town.street.tree_id)
    assert any("2 个根节点" in problem for problem in tree_problems())


def test_a_wrong_parent_and_a_cycle_are_found(town: Town):
    damage(town.group, parent=town.sister_branch)
    assert any("上级与编号" in problem for problem in tree_problems())
    damage(town.branch, parent=town.group)
    damage(town.group, parent=town.branch)
    assert any("成了环" in problem for problem in tree_problems())


def test_one_tree_can_be_checked_alone(town: Town):
    damage(town.other_branch, level=9)
    assert tree_problems(town.street.tree_id) == []
    assert tree_problems(town.other_street.tree_id)


def test_the_check_costs_one_query(town: Town, django_assert_num_queries):
    with django_assert_num_queries(1):
        tree_problems()
