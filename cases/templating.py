"""What answer templates are for, and what their placeholders stand for."""

import re
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Q

from cases.rows import community_label, place_of
from cases.workflow import BY_NAME
from gridparty.lib.china_time import local

# Notes somebody else reads: the reporter, the one who checks, the one who decides.
TEMPLATE_MOVES = [
    (name, BY_NAME[name].label)
    for name in ("feedback", "reject", "contact", "wait", "reply", "return_back", "gather")
]
_PLACE = re.compile(r"\{([^{}]*)\}")


def values_of(case: Any, now: datetime) -> dict[str, str]:
    """Return what each placeholder stands for; no reporter, no number of theirs."""
    return {
        "编号": case.case_no,
        "类别": case.category.name,
        "地点": place_of(case),
        "网格": case.grid.name,
        "社区": community_label(case.community),
        "牵头单位": case.lead_unit.name if case.lead_unit else "网格",
        "上报日期": f"{local(case.created_at):%Y年%-m月%-d日}",
        "今天": f"{local(now):%Y年%-m月%-d日}",
    }


PLACES = ("编号", "类别", "地点", "网格", "社区", "牵头单位", "上报日期", "今天")


def unknown_places(text: str) -> list[str]:
    """Return the placeholders of the text that stand for nothing."""
    return [f"{{{name}}}" for name in _PLACE.findall(text) if name not in PLACES]


def filled(text: str, values: dict[str, str]) -> str:
    """Return the text with its placeholders replaced; unknown ones stay as they are."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def templates_for(case: Any, move: str, now: datetime) -> list[tuple[str, str]]:
    """Return (name, filled text) of the templates for this move of this case (one query at most)."""
    if move not in dict(TEMPLATE_MOVES):
        return []
    rows = apps.get_model("cases", "AnswerTemplate").objects.filter(
        Q(street=None) | Q(street=case.street_id),
        Q(category=None) | Q(category__in=[case.category_id, case.category.parent_id or 0]),
        move=move, is_active=True,
    )  # fmt: skip
    values = values_of(case, now)
    return [(row.name, filled(row.text, values)) for row in rows]


# What an installation starts with; rows an administrator changes.
DEFAULTS = (
    (
        "feedback",
        "现场处置完毕",
        "{今天}，{牵头单位}工作人员到{地点}现场处置，您反映的{类别}问题已处理完毕。如有反复，请随时联系{网格}。",
    ),
    (
        "feedback",
        "解释说明",
        "您反映的{类别}问题，{牵头单位}已于{今天}核实。经查，（写明情况和依据）。已向您说明，感谢理解和监督。",
    ),
    (
        "feedback",
        "分步解决",
        "{牵头单位}已于{今天}到{地点}核实，目前已完成（写明内容），其余部分计划于（写明时间）前完成。",
    ),
    (
        "reject",
        "转法定渠道",
        "您反映的问题应通过（诉讼、仲裁、信访等）渠道解决，网格不能受理。请到（写明地点和电话）办理，社区可协助。",
    ),
    ("contact", "首次联系", "已与反映人联系，核对{地点}的情况，告知由{牵头单位}办理。"),
    (
        "wait",
        "请补充情况",
        "为办理您反映的{类别}问题（{编号}），请补充：（写明需要的材料或照片）。三个工作日内补充即可。",
    ),
    (
        "reply",
        "督办回复",
        "关于{编号}的督办已收悉。未按期办结的原因：（写明）。目前进展：（写明）。计划于（写明时间）前办结。",
    ),
)


def seed_templates(model: Any) -> None:
    """Add the first templates to an installation that has none."""
    if not model.objects.exists():
        model.objects.bulk_create(
            model(move=move, name=name, text=text, order=order)
            for order, (move, name, text) in enumerate(DEFAULTS)
        )
