"""Role × capability: the one table that says who may do what (scope says where).

Letters: V view, C create, E edit, A approve, X export, S statistics only, M view masked.
A role is a post at a node: an org unit, a region, a unit (department), or, for grid roles,
the grids whose team the person belongs to.
"""

from django.db.models import TextChoices


class Role(TextChoices):
    SYSADMIN = "sysadmin", "系统管理员"
    AUDITOR = "auditor", "安全审计员"
    DISTRICT_OFFICIAL = "district_official", "区县干部"
    STREET_ADMIN = "street_admin", "街道党工委"
    DISPATCHER = "dispatcher", "街道指挥中心"
    COMMUNITY_STAFF = "community_staff", "社区工作人员"
    COMMUNITY_SECRETARY = "community_secretary", "社区书记"
    BRANCH_SECRETARY = "branch_secretary", "网格支部书记"
    GRID_HEAD = "grid_head", "网格长"
    GRID_WORKER_FT = "grid_worker_ft", "专职网格员"
    GRID_WORKER_PT = "grid_worker_pt", "兼职网格员"
    POLICE_CONTACT = "police_contact", "社区民警"
    GRID_INFORMANT = "grid_informant", "网格信息员"
    GROUP_LEADER = "group_leader", "党小组组长"
    CORRIDOR_HEAD = "corridor_head", "红色楼道长"
    DEPT_HANDLER = "dept_handler", "职能部门经办"
    PARTNER_UNIT = "partner_unit", "共建单位"
    VOLUNTEER = "volunteer", "志愿者"
    REVISITOR = "revisitor", "回访员"


class Noun(TextChoices):
    ORG = "org", "组织"
    GRID = "grid", "网格"
    RESIDENT = "resident", "居民档案"
    CARE = "care", "重点人群"
    HEAD = "head", "红色楼道长"
    CAMPAIGN = "campaign", "专项排查"
    CASE = "case", "事项"
    REVISIT = "revisit", "回访"
    ASSESSMENT = "assessment", "考核"
    TOPIC = "topic", "议题"
    VOLUNTEER = "volunteer", "志愿服务"
    PARTY = "party", "党建工作"
    FUND = "fund", "经费"
    USER = "user", "用户"
    AUDIT = "audit", "审计"


VIEW, CREATE, EDIT, APPROVE, EXPORT, STATS, MASKED = "V", "C", "E", "A", "X", "S", "M"
SEES = VIEW + MASKED
VERB_LABELS = {
    VIEW: "查看",
    CREATE: "新建",
    EDIT: "修改",
    APPROVE: "审批",
    EXPORT: "导出",
    STATS: "查看统计",
    MASKED: "查看脱敏信息",
}

# Roles whose area is "the grids whose team I am in", not a node of the tree.
GRID_ROLES = frozenset(
    {
        Role.GRID_HEAD,
        Role.GRID_WORKER_FT,
        Role.GRID_WORKER_PT,
        Role.POLICE_CONTACT,
        Role.GRID_INFORMANT,
    }
)
# Roles whose area is their own things only: what they reported, were handed, or are linked to.
PERSONAL_ROLES = frozenset({Role.CORRIDOR_HEAD, Role.VOLUNTEER, Role.REVISITOR})
UNIT_ROLES = frozenset({Role.DEPT_HANDLER, Role.PARTNER_UNIT})
EVERYWHERE_ROLES = frozenset({Role.SYSADMIN, Role.AUDITOR})

# Where a role may be given: a region, a unit, the root of a tree, or tiers of the tree.
ROLES_OF_ROOT = frozenset({Role.STREET_ADMIN, Role.DISPATCHER, Role.REVISITOR})
TIERS_OF_ROLE: dict[str, frozenset[int]] = {
    Role.COMMUNITY_STAFF: frozenset({2}),
    Role.COMMUNITY_SECRETARY: frozenset({2}),
    Role.BRANCH_SECRETARY: frozenset({3}),
    Role.GROUP_LEADER: frozenset({4}),
    Role.CORRIDOR_HEAD: frozenset({2}),
    Role.VOLUNTEER: frozenset({1, 2}),
    **dict.fromkeys(GRID_ROLES, frozenset({2})),
}
# Given by the system administrator only; a street gives the rest inside its own tree.
ROLES_OF_SYSADMIN = frozenset({*EVERYWHERE_ROLES, Role.DISTRICT_OFFICIAL, Role.STREET_ADMIN})

_HEADER = [
    "org",
    "grid",
    "resident",
    "care",
    "head",
    "campaign",
    "case",
    "revisit",
    "assessment",
    "topic",
    "volunteer",
    "party",
    "fund",
    "user",
    "audit",
]
_TABLE = """
sysadmin            VCE VCE  -    -   -     -    -    -  V   -    -    -    -    VCE -
auditor             V   V    -    -   -     -    -    -  V   -    -    -    -    V   V
district_official   V   V    S    S   S     -    VS   VS VS  V    S    V    VS   -   -
street_admin        VCE VCEA VMX  V   VAX   VCX  VCEA VA VEA VA   V    VCEA VCEA VC  V
dispatcher          V   V    M    -   V     V    VCE  VE V   V    V    V    -    -   -
community_staff     VE  VCE  VCEX VCE VCEX  VCEX VCEA VE V   VCE  VCEA VCEA VC   -   -
community_secretary VEA VCEA VAX  VA  VCEAX VCX  VCEA V  VA  VA   VA   VCEA VA   -   -
branch_secretary    V   V    M    V   VCEA  V    V    -  V   VCEA VC   VCE  V    -   -
grid_head           V   VE   VCE  VCE VCE   VE   VCE  -  V   VC   VC   VC   V    -   -
grid_worker_ft      V   V    VCE  VC  V     VE   VCE  -  V   VC   VC   VC   -    -   -
grid_worker_pt      V   V    M    V   -     VE   VC   -  -   V    V    V    -    -   -
police_contact      V   V    M    V   -     V    VC   -  -   V    V    -    -    -   -
grid_informant      -   V    -    -   -     -    VC   -  -   VC   VC   V    -    -   -
group_leader        V   V    M    V   V     VE   VC   -  -   V    VC   V    -    -   -
corridor_head       -   V    M    -   V     -    VC   -  -   V    V    V    -    -   -
dept_handler        -   V    -    -   -     -    VE   -  V   V    -    VCE  -    -   -
partner_unit        -   V    -    -   -     -    -    -  -   V    V    VCE  -    -   -
volunteer           -   V    -    -   -     -    VC   -  -   V    V    -    -    -   -
revisitor           -   -    -    -   -     -    V    VE -   -    -    -    -    -   -
"""
CAPABILITIES: dict[tuple[str, str], str] = {
    (line.split()[0], noun): letters
    for line in _TABLE.strip().splitlines()
    for noun, letters in zip(_HEADER, line.split()[1:], strict=True)
    if letters != "-"
}
# Who gets into the browser admin at all.
ADMIN_ROLES = frozenset(
    {Role.SYSADMIN, Role.AUDITOR, Role.STREET_ADMIN, Role.COMMUNITY_STAFF, Role.COMMUNITY_SECRETARY}
)


def roles_with(noun: str, letters: str) -> frozenset[str]:
    """Return the roles that hold any of `letters` on `noun`, for example roles_with("case", "E")."""
    return frozenset(
        role
        for (role, held_noun), held in CAPABILITIES.items()
        if held_noun == noun and any(letter in held for letter in letters)
    )
