"""The sizes of the report, city by city: `manage.py demo --profile NAME` enlarges one city to them.

The codes are those of the page 报告数字 (`partybuilding/numbers.py`), so that what is declared here is
what that page counts for somebody who sees the whole city. 余 in the report is left out: 9600余名 is
9,600, and 1200余人 trained are 1,248 (13 in each of 96 sessions). 海恒's 近4000名 members are not
declared: they are whoever the register of its homes and offices holds, 3,938.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from gridparty.demo.shapes import HAIHENG, HUANGSHAN, XUANCHENG, CommunityPlan, TreePlan, shares
from orgs.levels import OrgForm

OFFICIALS = ("xuancheng_official", "huangshan_official")
_NUMERALS = "一二三四五六七八九十"
# How a new street is cut: so many communities, each with so many branches, at the most.
_COMMUNITIES, _BRANCHES = 5, 5
HOMES_PER_HEAD = 10


@dataclass(frozen=True)
class Profile:
    """`region`: whose official sees it all; `login`: that official. `sizes` by code of the number."""

    key: str
    label: str
    tree: TreePlan
    region: str
    login: str
    sizes: Mapping[str, int]

    def with_sizes(self, **sizes: int) -> "Profile":
        """The same city with other sizes, for tests."""
        return Profile(self.key, self.label, self.tree, self.region, self.login, sizes)


PROFILES = {
    profile.key: profile
    for profile in (
        Profile(
            "xuancheng", "宣城市", XUANCHENG, "3418", OFFICIALS[0],
            {
                "branches": 185, "groups": 368, "leaders": 966, "heads": 9_600, "teams": 460,
                "policy": 760, "clean": 580, "aid": 1_200,
            },
        ),
        Profile(
            "huangshan", "黄山市", HUANGSHAN, "3410", OFFICIALS[1],
            {
                # 1286 branches and groups, a branch to each of the 240 grids.
                "grids": 240, "branches": 240, "groups": 1_046, "papers": 3, "trainings": 96,
                "trained": 1_248, "support": 2_670_000, "grid_subsidy": 4_030_000,
                "meetings": 329, "units": 592, "teams": 261,
            },
        ),
        Profile(
            "haiheng", "海恒社区", HAIHENG, "340177", "district_official",
            {
                "grids": 67, "grids_residential": 59, "grids_exclusive": 3, "grids_reserved": 5,
                "communities": 6, "branches": 16, "groups": 46, "teams": 6,
                "services": 175, "partners": 32, "projects": 42, "categories": 7, "hot": 120,
                "deployed": 235,
            },
        ),
    )
}  # fmt: skip


def more_trees(profile: Profile, branches: int, groups: int, heads: int) -> list[TreePlan]:
    """Return the plans of invented streets with so many branches, one grid each, and groups.

    Their homes are as many as `heads` corridor heads with ten homes each need, and a few more.
    """
    tree, plans = profile.tree, []
    per_branch = shares(groups, branches) if branches else []
    # One home in twenty stands empty, and a run of ten may have nobody fit to be its head.
    homes = -(-heads * HOMES_PER_HEAD // max(branches, 1)) * 100 // 92 + 1 if heads else 60
    number = 0
    while per_branch:
        number += 1
        code = f"{tree.district}{900 + number}"
        communities = []
        for place in range(1, 2 if tree.root_form is None else _COMMUNITIES + 1):
            own, per_branch = per_branch[:_BRANCHES], per_branch[_BRANCHES:]
            if own:
                short = f"演示{_place(number)}" + (_NUMERALS[place - 1] if tree.root_form else "")
                communities.append(
                    CommunityPlan(f"{code}{place:03d}", short, OrgForm.COMMITTEE, len(own),
                                  tuple(own))
                )  # fmt: skip
        has_street = tree.root_form is not None
        plans.append(
            TreePlan(
                f"{tree.key}-{number}", code if has_street else communities[0].code,
                f"演示{_place(number)}街道党工委" if has_street else communities[0].org_name,
                tree.root_form, tree.team, homes, 30 if heads else 8, tuple(communities),
                tree.group_word, tree.coverage, plain=True,
            )
        )  # fmt: skip
    return plans


def _place(number: int) -> str:
    """1 → 一, 12 → 十二, 47 → 四十七."""
    tens, ones = divmod(number, 10)
    ten = ("" if tens == 1 else _NUMERALS[tens - 1]) + "十" if tens else ""
    return ten + (_NUMERALS[ones - 1] if ones else "")
