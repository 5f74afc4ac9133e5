"""The tree page and the pages of one organisation: scope, lists behind figures, constant queries."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from orgs import services
from orgs.models import OrgUnit, PartyMember
from tests.town import Town, make_person


def page(client: Client, name: str, *args, **query) -> str:
    answer = client.get(reverse(f"orgs:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_sends_visitors_to_the_log_in(client, town: Town):
    assert client.get(reverse("orgs:tree")).status_code == 302
    assert client.get(reverse("orgs:detail", args=[town.branch.pk])).status_code == 302


@pytest.mark.parametrize("who", ["corridor_head", "volunteer", "dept_handler", "revisitor"])
def test_it_refuses_roles_without_the_capability_with_a_sentence(enter, who):
    answer = enter(who).get(reverse("orgs:tree"))
    assert answer.status_code == 403
    assert "不能查看组织" in answer.content.decode()


def test_a_street_sees_its_tree_and_no_other(enter, town: Town):
    html = page(enter("street_admin"), "tree")
    assert town.street.name in html
    assert town.community.name in html  # the only tree is shown open
    assert town.other_street.name not in html


def test_a_district_sees_every_street_closed(enter, town: Town):
    html = page(enter("district_official"), "tree")
    assert town.street.name in html
    assert town.other_street.name in html
    assert town.community.name not in html
    assert reverse("orgs:children", args=[town.street.pk]) in html


def test_a_community_begins_at_itself(enter, town: Town):
    html = page(enter("community_staff"), "tree")
    assert town.community.name in html
    assert town.street.name not in html
    assert town.sister_community.name not in html


def test_children_come_layer_by_layer(enter, town: Town):
    html = page(enter("street_admin"), "children", town.community.pk)
    assert town.branch.name in html
    assert town.group.name not in html
    assert "<html" not in html


def test_what_lies_elsewhere_is_not_there(enter, town: Town):
    for name in ("detail", "children", "organisations", "vacancies", "members", "merge", "split"):
        url = reverse(f"orgs:{name}", args=[town.branch.pk])
        assert enter("other_street_admin").get(url).status_code == 404, name
        assert enter("corridor_head").get(url).status_code == 403, name


def test_search_finds_by_name_inside_the_scope(enter, town: Town):
    html = page(enter("street_admin"), "tree", q="网格党支部")
    assert town.branch.name in html
    assert town.other_branch.name not in html
    assert "没有找到" in page(enter("street_admin"), "tree", q="不存在的名字")
    assert enter("street_admin").get(reverse("orgs:tree"), {"q": "长" * 51}).status_code == 400
    assert enter("street_admin").get(reverse("orgs:tree"), {"q": "甲\0"}).status_code == 400


def test_abolished_ones_show_only_when_asked(enter, town: Town):
    services.abolish(node=town.group, by=None)
    admin = enter("street_admin")
    assert town.group.name not in page(admin, "children", town.branch.pk)
    assert "已撤销" in page(admin, "children", town.branch.pk, all="on")
    assert "已撤销" in page(admin, "detail", town.group.pk)


def test_figures_equal_the_lists_behind_them(enter, town: Town):
    for number, org in enumerate((town.community, town.branch, town.group, town.sister_branch)):
        PartyMember.objects.create(person=make_person(f"党员{number}"), org_unit=org)
    services.appoint(
        person=make_person("周书记"), org_unit=town.branch, kind="secretary",
        start=date(2025, 1, 1), by=None,
    )  # fmt: skip
    admin = enter("street_admin")
    answer = admin.get(reverse("orgs:detail", args=[town.community.pk]))
    figures = {stat["label"]: stat for stat in answer.context["stats"]}
    assert [stat["value"] for stat in figures.values()] == [2, 3, 2]
    for stat in figures.values():
        behind = admin.get(stat["url"])
        assert len(behind.context["page"].rows) == behind.context["page"].count == stat["value"]
    tree = admin.get(reverse("orgs:tree"))
    node = next(row for row in tree.context["opened"].rows if row.pk == town.community.pk)
    assert (node.orgs_below, node.members_below) == (2, 3)


def test_a_vacancy_is_shown_until_somebody_is_appointed(enter, town: Town):
    admin = enter("street_admin")
    assert "书记（组长）空缺" in page(admin, "detail", town.group.pk)
    services.appoint(
        person=make_person("组长甲"), org_unit=town.group, kind="group_leader",
        start=date(2025, 1, 1), by=None,
    )  # fmt: skip
    assert town.group.name not in page(admin, "vacancies", town.community.pk)
    assert "组长甲" in page(admin, "detail", town.group.pk)


def test_names_of_members_are_masked_for_who_does_not_manage_them(enter, town: Town):
    PartyMember.objects.create(person=make_person("欧阳明"), org_unit=town.branch)
    assert "欧阳明" in page(enter("street_admin"), "members", town.branch.pk)
    html = page(enter("grid_head"), "members", town.branch.pk)
    assert "欧阳明" not in html
    assert "欧*明" in html


def test_history_tells_old_and_new_names(enter, town: Town):
    services.rename(
        node=town.branch, name="红旗党支部", by=town.users["street_admin"], reason="批复"
    )
    html = page(enter("community_staff"), "detail", town.branch.pk)
    assert "幸福第一网格党支部 → 红旗党支部" in html
    assert "批复" in html
    assert "江街道" in html


def test_merging_from_the_page(enter, town: Town):
    admin = enter("street_admin")
    url = reverse("orgs:merge", args=[town.community.pk])
    answer = admin.post(url, {"into": town.other_community.pk, "reason": ""})
    assert answer.status_code == 400
    answer = admin.post(url, {"into": town.sister_community.pk, "reason": "批复"})
    assert answer.url == reverse("orgs:detail", args=[town.sister_community.pk])
    town.community.refresh_from_db()
    assert not town.community.is_active


def test_a_refused_merge_says_why_and_keeps_what_was_typed(enter, town: Town):
    services.add_org_unit(
        parent=town.sister_community, name=town.branch.name, tier=3, org_form="branch", by=None
    )
    url = reverse("orgs:merge", args=[town.community.pk])
    typed = {"into": town.sister_community.pk, "reason": "街工委〔2026〕3号"}
    answer = enter("street_admin").post(url, typed)
    assert answer.status_code == 400
    assert "先更名再合并" in answer.content.decode()
    assert "街工委〔2026〕3号" in answer.content.decode()


def test_splitting_from_the_page(enter, town: Town):
    url = reverse("orgs:split", args=[town.community.pk])
    admin = enter("street_admin")
    answer = admin.post(url, {"name": "幸福二社区党委", "children": [town.branch.pk], "reason": ""})
    new = OrgUnit.objects.get(name="幸福二社区党委")
    assert answer.url == reverse("orgs:detail", args=[new.pk])
    town.branch.refresh_from_db()
    assert town.branch.parent == new
    assert admin.post(url, {"name": "和平社区党委", "reason": ""}).status_code == 400


def test_who_may_not_edit_gets_the_sentence(enter, town: Town):
    answer = enter("grid_head").get(reverse("orgs:merge", args=[town.branch.pk]))
    assert answer.status_code == 403
    assert "不能修改组织" in answer.content.decode()
    assert reverse("orgs:merge", args=[town.branch.pk]) not in page(
        enter("grid_head"), "detail", town.branch.pk
    )


def test_pages_cost_the_same_for_more_rows(enter, town: Town, django_assert_num_queries):
    admin = enter("street_admin")
    urls = [
        reverse("orgs:tree"), reverse("orgs:children", args=[town.community.pk]),
        reverse("orgs:detail", args=[town.community.pk]), reverse("orgs:tree") + "?q=党",
        reverse("orgs:members", args=[town.community.pk]),
    ]  # fmt: skip
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(url):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert admin.get(url).status_code == 200
        return len(queries)

    before = [cost(url) for url in urls]
    for number in range(30):
        branch = services.add_org_unit(
            parent=town.community, name=f"党支部{number}", tier=3, org_form="branch", by=None
        )
        PartyMember.objects.create(person=make_person(f"人{number}"), org_unit=branch)
    assert [cost(url) for url in urls] == before
    assert max(before) <= 16


def test_lists_turn_pages_without_loss(enter, town: Town):
    for number in range(60):
        services.add_org_unit(
            parent=town.community, name=f"党支部{number:02}", tier=3, org_form="branch", by=None
        )
    admin = enter("street_admin")
    url = reverse("orgs:organisations", args=[town.community.pk])
    first = admin.get(url).context["page"]
    second = admin.get(url + first.next_url).context["page"]
    seen = [row.pk for row in (*first.rows, *second.rows)]
    assert len(seen) == len(set(seen)) == first.count == 62
    assert admin.get(url + second.previous_url).context["page"].rows == first.rows
