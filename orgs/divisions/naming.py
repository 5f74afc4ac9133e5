"""Names of party organisations made from names of divisions (defaults; people rename them)."""

from orgs.levels import OrgForm

_VILLAGE_ENDINGS = ("村民委员会", "村民民委员会", "村委会")
_COMMUNITY_ENDINGS = (
    "社区居民委员会",
    "社区居委会",
    "居民委员会",
    "居委会",
    "街道委员会",
    "委员会",
)


def street_party_name(region_name: str) -> tuple[str, str]:
    """Return name and form: 济川街道 → 济川街道党工委, 五城镇 → 五城镇党委, 海恒社区 → 海恒社区党委."""
    name = region_name.removesuffix("办事处")
    if name.endswith("街道"):
        return f"{name}党工委", OrgForm.WORKING_COMMITTEE
    return f"{name}党委", OrgForm.COMMITTEE


def community_party_name(region_name: str) -> str:
    """耕云居民委员会 → 耕云社区党委, 岗贝社区居委会 → 岗贝社区党委, 黄村村委会 → 黄村党委."""
    for ending in _VILLAGE_ENDINGS:
        base = region_name.removesuffix(ending)
        if base and base != region_name:
            return f"{base}党委" if base.endswith("村") else f"{base}村党委"
    for ending in _COMMUNITY_ENDINGS:
        base = region_name.removesuffix(ending)
        if base and base != region_name:
            return f"{base}党委" if base.endswith(("社区", "村")) else f"{base}社区党委"
    return f"{region_name}党委"
