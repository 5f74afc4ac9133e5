"""The dashboard and the monthly bulletin as values: what their pages show."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from assessments.bulletin_files import percent, title_of, words_of
from assessments.dashboard import Figure, Line
from assessments.models import Bulletin
from assessments.reports.common import Entries, common
from gridparty.lib.china_time import local
from gridparty.lib.filling import Facts, Value
from gridparty.lib.periods import Month, Period

# The columns of a dashboard's table, in its order.
BELOW = ("未结", "超时", "上报", "销号", "响应率", "解决率", "满意率", "按期办结率", "办结率")


def board_facts(
    shown: Mapping[str, Iterable[Figure]], lines: Iterable[Line], place: str, period: Period,
    user: Any, now: datetime,
) -> Facts:  # fmt: skip
    """Return the values; `shown` holds counts, rates, zeros and hot as the page shows them."""
    counts = list(shown["counts"])
    lists: dict[str, Entries] = {
        "数量": [_figure(one) for one in counts],
        "比率": [_figure(one) for one in shown["rates"]],
        "四零": [
            {"名称": one.label, "数值": _value(one), "说明": one.formula} for one in shown["zeros"]
        ],
        "热点": [{"名称": one.label, "件数": _value(one)} for one in shown["hot"]],
        "下级": [
            {
                "名称": line.name,
                **{name: _value(one) for name, one in zip(BELOW, line.figures, strict=True)},
            }
            for line in lines
        ],
    }
    single = {one.label: _value(one) for one in counts}
    head = common(f"{place}{period.label}看板", place, period.label, user, now)
    return Facts({**head, **single}, lists)


def _figure(one: Figure) -> dict[str, Value]:
    return {
        "名称": one.label, "数值": _value(one), "对比": one.beside or None, "说明": one.formula or None
    }  # fmt: skip


def _value(one: Figure) -> Value:
    if one.value is None:
        return None
    return f"{one.value}%" if one.unit == "%" else one.value  # type: ignore[return-value]


def bulletin_facts(bulletin: Bulletin, user: Any, now: datetime) -> Facts:
    """Return the values of a bulletin as it stands; its cut-off, not now, is what it knows."""
    content, total = bulletin.content, bulletin.content["total"]
    label = Month.parse(bulletin.month).label
    head = common(title_of(bulletin), bulletin.street.name, label, user, now)
    issued = bulletin.issued_at
    single: dict[str, Value] = {
        "截至": f"{local(bulletin.cutoff):%Y年%m月%d日 %H:%M}",
        "派遣总数": total["total"], "结案数": total["closed"],
        "结案率": percent(total["closed_rate"]), "按时结案率": percent(total["on_time_rate"]),
        "回访数": total["answered"], "不满意数": total["unsatisfied"],
        "不满意率": percent(total["unsatisfied_rate"]), "正文": "".join(words_of(bulletin)),
        "发布人": bulletin.issued_by.display_name if bulletin.issued_by else None,
        "发布日期": f"{local(issued):%Y年%m月%d日}" if issued else None,
    }  # fmt: skip
    units: Entries = []
    parts: Entries = []
    for number, row in enumerate(content["rows"], start=1):
        on_time, late, still_open = (sum(column) for column in zip(*row["lines"], strict=True))
        units.append(
            {
                "序号": number, "名称": row["name"], "派遣总数": row["total"], "按时办结": on_time,
                "超时办结": late, "未办结": still_open, "结案率": percent(row["closed_rate"]),
                "按时结案率": percent(row["on_time_rate"]), "不满意数": row["unsatisfied"],
                "不满意率": percent(row["unsatisfied_rate"]), "名次": row["rank"],
            }
        )  # fmt: skip
        parts += [
            {"单位": row["name"], "栏": line["title"], "按时办结": counts[0], "超时办结": counts[1],
             "未办结": counts[2]}
            for line, counts in zip(content["lines"], row["lines"], strict=True)
        ]  # fmt: skip
    topics: Entries = [
        {"名称": one["name"], "件数": one["count"], "占比": f"{one['share']}%"}
        for one in content["topics"]
    ]
    return Facts({**head, **single}, {"单位": units, "分栏": parts, "热点": topics})
