"""The pages behind 议事 in the menu, as tabs."""

from django.urls import reverse

_TABS = (
    ("topics", "议题", "councils:topics"),
    ("meetings", "会议", "councils:meetings"),
    ("councils", "议事机构", "councils:councils"),
)


def sections(active: str) -> list[dict[str, object]]:
    """Return the tabs; who sees topics sees all three."""
    return [
        {"label": label, "url": reverse(url), "active": key == active} for key, label, url in _TABS
    ]
