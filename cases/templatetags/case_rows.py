"""The rows of a list of cases, drawn in one go: a template asks for each of thirty values by name."""

from collections.abc import Iterable
from functools import cache
from html import escape

from django.template import Library
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from cases.catalog import Source
from cases.lines import LineRow
from gridparty.lib.china_time import local
from orgs.templatetags.ui import light

register = Library()

SOURCES: dict[str, str] = {source.value: str(source.label) for source in Source}
NO_CLOCK = '<span class="muted">—</span>'
SUPERVISED = ' · <strong class="supervised">督办</strong>'


@register.simple_tag
def case_rows(rows: Iterable[LineRow]) -> SafeString:
    """Draw the table's body. The columns stand in cases/case_table.html."""
    before, _, after = reverse("cases:detail", args=[0]).partition("0")
    # Safe: `_row` escapes what people wrote; format_html would look at every value again.
    return mark_safe("".join(_row(row, before, after) for row in rows))  # noqa: S308


def _row(row: LineRow, before: str, after: str) -> str:
    case = row.case
    late = f' class="is-{row.light}"' if row.light in ("red", "yellow") else ""
    cycle = f" · 第 {case.cycle} 轮" if case.cycle > 1 else ""
    marks = SUPERVISED if case.supervised_at else " · 已催办" if case.urged_at else ""
    hint = f'<span class="muted small one-line">建议：{escape(row.hint)}</span>' if row.hint else ""
    hide = "" if case.unit_name or row.hint else "card-hide"
    return (
        f'<tr{late}>\n<td class="card-title case-cell"><a class="row-link" href="{before}{case.pk}{after}">'
        f'{escape(case.summary)}</a><span class="case-no num">{escape(case.case_no)} · '
        f"{escape(case.category_name)}{cycle}{marks}</span></td>\n"
        f'<td data-label="状态">{_status(row.tone, case.status_label)}</td>\n'
        f'<td data-label="时限">{light(row.light, row.due) if row.light else NO_CLOCK}</td>\n'
        f'<td data-label="地点" class="card-wide place-cell"><span class="one-line">{escape(case.place)}</span>'
        f'<span class="muted small one-line">{escape(case.area)}</span></td>\n'
        f'<td data-label="牵头单位" class="{hide}"><span class="one-line unit-cell">'
        f"{escape(case.unit_name or '—')}</span>{hint}</td>\n"
        f'<td data-label="来源" class="card-only">{SOURCES.get(case.source, "")}</td>\n'
        f'<td data-label="上报" class="num nowrap">{local(case.created_at):%m-%d %H:%M}</td>\n</tr>\n'
    )


@cache
def _status(tone: str, label: str) -> SafeString:
    return light(tone, label)
