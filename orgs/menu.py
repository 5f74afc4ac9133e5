"""The menu, as data: which pages exist, and which capability opens them."""

from dataclasses import dataclass

from orgs.roles import CREATE, EDIT, SEES, VIEW, Noun


@dataclass(frozen=True)
class Entry:
    url_name: str
    label: str
    icon: str
    noun: str = ""
    letters: str = SEES
    also: str = ""  # a second noun the role must be able to view
    primary: bool = False


MENU = [
    Entry("home", "工作台", "house"),
    Entry("cases:desk", "事项", "clipboard-check", Noun.CASE, VIEW),
    Entry("cases:revisits", "回访", "telephone", Noun.REVISIT, EDIT + VIEW),
    Entry("residents:households", "居民", "people", Noun.RESIDENT, SEES),
    Entry("partybuilding:start", "党建", "flag-fill", Noun.PARTY, SEES),
    Entry("councils:topics", "议事", "chat-left-text", Noun.TOPIC, SEES),
    Entry("grids:list", "网格", "grid-3x3-gap", Noun.GRID, VIEW),
    Entry("volunteers:overview", "志愿", "heart", Noun.VOLUNTEER, SEES),
    Entry("orgs:tree", "组织", "diagram-3", Noun.ORG, VIEW),
    Entry("assessments:dashboard", "看板", "bar-chart", Noun.CASE, VIEW, also=Noun.ASSESSMENT),
    Entry("assessments:bulletins", "通报", "megaphone", Noun.ASSESSMENT, VIEW),
    Entry("assessments:quarters", "考核", "award", Noun.ASSESSMENT, SEES),
    Entry("admin:index", "管理后台", "gear", "admin"),
]
TABS = [
    Entry("home", "工作台", "house"),
    Entry("cases:mine", "我的事项", "clipboard-check", Noun.CASE, VIEW),
    Entry("cases:report", "上报", "camera", Noun.CASE, CREATE, primary=True),
    Entry("residents:households", "居民", "people", Noun.RESIDENT, SEES),
    Entry("cases:revisits", "回访", "telephone", Noun.REVISIT, EDIT),
]
