"""The three shapes of the report, as data: which organisations and grids the demonstration has.

海恒: 6 general branches, 16 branches, 46 groups, 67 grids = 59 residential + 3 exclusive + 5
reserved, many grids to one branch. 宣城: four levels, one branch per grid. 黄山: three levels.
"""

from dataclasses import dataclass

from orgs.levels import CoverageKind, OrgForm


@dataclass(frozen=True)
class CommunityPlan:
    """One community: `groups` lists how many building groups each branch has."""

    code: str
    short: str
    form: OrgForm
    residential: int
    groups: tuple[int, ...]
    exclusive: tuple[str, ...] = ()
    reserved: int = 0

    @property
    def org_name(self) -> str:
        return f"{self.short}社区{self.form.label}"


@dataclass(frozen=True)
class TreePlan:
    """One tree. `root_form` is None where the community itself is the root (three levels)."""

    key: str
    root_code: str
    root_name: str
    root_form: OrgForm | None
    team: str
    households: int
    members: int
    communities: tuple[CommunityPlan, ...]
    group_word: str
    coverage: CoverageKind
    plain: bool = False  # every building of one small kind, so that the homes come out exactly

    @property
    def district(self) -> str:
        return self.root_code[:6]


def _haiheng(
    number: int, short: str, residential: int, groups: tuple[int, ...], reserved: int,
    *exclusive: str,
) -> CommunityPlan:  # fmt: skip
    code = f"340177405{number:03d}"
    return CommunityPlan(
        code, short, OrgForm.GENERAL_BRANCH, residential, groups, exclusive, reserved
    )


def _xuancheng(number: int, short: str) -> CommunityPlan:
    return CommunityPlan(f"341802004{number:03d}", short, OrgForm.COMMITTEE, 2, (2, 2))


HAIHENG = TreePlan(
    "haiheng", "340177405", "海恒社区党委", OrgForm.COMMITTEE, "haiheng-1-2-n", 500, 65,
    (
        _haiheng(1, "耕云", 12, (3, 3, 3), 0),
        _haiheng(2, "福禄园", 11, (3, 3, 3), 1),
        _haiheng(3, "习友", 10, (3, 3, 3), 1),
        _haiheng(4, "南艳湖", 9, (3, 3, 3), 2, "启迪科技城"),
        _haiheng(5, "康利", 9, (3, 2), 1, "海尔工业园"),
        _haiheng(6, "近春园", 8, (3, 2), 0, "近春园商业街"),
    ),
    "楼栋党小组", CoverageKind.BUILDING,
)  # fmt: skip
XUANCHENG = TreePlan(
    "xuancheng", "341802004", "济川街道党工委", OrgForm.WORKING_COMMITTEE, "xuancheng-1-2-n",
    330, 30,
    tuple(_xuancheng(n, short) for n, short in enumerate(("城东", "济川", "东桥", "玉山", "东河"), 1)),
    "楼栋党小组", CoverageKind.BUILDING,
)  # fmt: skip
HUANGSHAN = TreePlan(
    "huangshan", "341002002001", "柏树街社区党委", None, "huangshan-1-6", 330, 30,
    (CommunityPlan("341002002001", "柏树街", OrgForm.COMMITTEE, 4, (2, 2, 2, 2)),),
    "小区党小组", CoverageKind.ESTATE,
)  # fmt: skip
TREES = (HAIHENG, XUANCHENG, HUANGSHAN)

# Where the demonstration's people work: the first grid of the first community of 海恒.
DEMO_COMMUNITY = HAIHENG.communities[0].code
DEMO_GRID = f"{DEMO_COMMUNITY}001"
OTHER_GRID = f"{XUANCHENG.communities[0].code}001"


def shares(total: int, parts: int) -> list[int]:
    """Split `total` into `parts` numbers that differ by one at most: 11 in 3 → [4, 4, 3]."""
    small, more = divmod(total, parts)
    return [small + (place < more) for place in range(parts)]
