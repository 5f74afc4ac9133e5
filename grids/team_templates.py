"""The built-in ways of staffing a grid, as data. Pure; a migration turns them into rows.

Sources: 宣城 "1+2+N" and 黄山 "1+6" (report, XC-14…16 and HS-14), 海恒 "1+2+N" (HH-13).
Rows are edited in the admin; nothing in the code asks which template a grid has.
"""

from dataclasses import dataclass

from grids.catalog import SlotSource
from orgs.roles import Role


@dataclass(frozen=True)
class SlotPlan:
    """One slot: how many (`maximum` None = any number), from where, and the role it gives."""

    code: str
    name: str
    role: str
    minimum: int = 1
    maximum: int | None = 1
    sources: tuple[str, ...] = ()
    member_required: bool = False
    is_force: bool = False


@dataclass(frozen=True)
class TemplatePlan:
    code: str
    name: str
    slots: tuple[SlotPlan, ...]


_HEAD = SlotPlan("head", "网格长", Role.GRID_HEAD, sources=(SlotSource.TWO_COMMITTEES,))


def _force(code: str, name: str, source: str = SlotSource.UNIT) -> SlotPlan:
    """A force sent by a unit (黄山): it works in the grid like a part-time worker."""
    return SlotPlan(code, name, Role.GRID_WORKER_PT, sources=(source,), is_force=True)


TEMPLATES: tuple[TemplatePlan, ...] = (
    TemplatePlan(
        "xuancheng-1-2-n",
        "“1+2+N”（街道、联建单位兼职）",
        (
            _HEAD,
            SlotPlan(
                "street-worker", "兼职网格员（街道）", Role.GRID_WORKER_PT,
                sources=(SlotSource.STREET,), member_required=True,
            ),
            SlotPlan(
                "unit-worker", "兼职网格员（联建单位）", Role.GRID_WORKER_PT,
                sources=(SlotSource.PAIRED_UNIT,), member_required=True,
            ),
            SlotPlan(
                "informant", "网格信息员", Role.GRID_INFORMANT, minimum=0, maximum=None,
                sources=(
                    SlotSource.FIVE_ELDERS, SlotSource.CORRIDOR_HEAD, SlotSource.VOLUNTEER,
                    SlotSource.OTHER,
                ),
            ),
        ),
    ),
    TemplatePlan(
        "haiheng-1-2-n",
        "“1+2+N”（专职网格员、社区民警）",
        (
            SlotPlan("head", "网格长", Role.GRID_HEAD),
            SlotPlan(
                "full-time", "专职网格员", Role.GRID_WORKER_FT, sources=(SlotSource.FULL_TIME,)
            ),
            SlotPlan(
                "police", "社区民警", Role.POLICE_CONTACT, sources=(SlotSource.POLICE,)
            ),
            SlotPlan(
                "part-time", "兼职网格员", Role.GRID_WORKER_PT, minimum=0, maximum=None,
                sources=(
                    SlotSource.CHECKED_IN_MEMBER, SlotSource.VOLUNTEER, SlotSource.PROPERTY,
                ),
            ),
        ),
    ),
    TemplatePlan(
        "huangshan-1-6",
        "“1+6”（网格党组织为轴）",
        (
            SlotPlan("head", "网格长", Role.GRID_HEAD),
            _force("urban-management", "城管"),
            _force("sanitation", "环卫"),
            _force("parks", "市政园林"),
            _force("property", "物业公司", SlotSource.PROPERTY),
            SlotPlan("governance-informant", "原综治网格信息员", Role.GRID_INFORMANT, is_force=True),
            _force("property-supervisor", "物管专员"),
        ),
    ),
)  # fmt: skip
