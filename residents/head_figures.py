"""The figures above the list of corridor heads, each with the list it counts."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from residents.head_querysets import CorridorHeadQuerySet
from residents.headship import LOADS, NOBODY, STAND_IN
from residents.querysets import HouseholdQuerySet


def figures(
    heads: CorridorHeadQuerySet, homes: HouseholdQuerySet, day: date, place: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return the figures of these heads and households; `place` is the filter they came from."""

    def to_heads(show: str) -> str:
        return _address("residents:heads", place, show=show)

    def to_homes(gap: str) -> str:
        return _address("residents:head_gaps", place, gap=gap)

    total, covered = homes.to_link().count(), homes.with_head().count()
    rate = f"{covered / total:.1%}" if total else None
    waiting, moved = heads.waiting_for_branch().count(), heads.moved_away(day).count()
    ending, stood_in = heads.term_ends_within(day, 60).count(), homes.stood_in_for().count()
    shown = [
        _figure("在任楼道长", heads.in_duty(day).count(), to_heads("duty"), "人"),
        {
            "label": "覆盖率", "value": rate, "url": to_homes(NOBODY), "unit": "", "level": "",
            "formula": f"有楼道长联系的 {covered} 户 ÷ 有人居住的 {total} 户",
        },
        _figure("未覆盖", total - covered, to_homes(NOBODY), "户", "yellow"),
        _figure("临时代管", stood_in, to_homes(STAND_IN), "户", "yellow"),
        _figure("待支部批准", waiting, to_heads("branch"), "人", "yellow"),
        _figure("60 天内到期", ending, to_heads("expiring60"), "人", "yellow"),
        _figure("已不住本社区", moved, to_heads("moved"), "人", "red"),
    ]  # fmt: skip
    always = {"在任楼道长", "覆盖率", "未覆盖"}
    return [one for one in shown if one["label"] in always or one["value"]]


def bars(duty: CorridorHeadQuerySet, place: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the load histogram: how many heads keep in touch with so many households."""
    counts = {bucket: duty.with_load_in(bucket).count() for bucket in LOADS}
    most = max(counts.values(), default=0)
    return [
        {
            "label": LOADS[bucket], "count": count, "most": most or 1,
            "url": _address("residents:heads", place, load=bucket),
            "usual": bucket == "8-12",
        }
        for bucket, count in counts.items()
    ]  # fmt: skip


def _figure(label: str, value: int, url: str, unit: str, level: str = "") -> dict[str, Any]:
    light = level if value else ""
    return {"label": label, "value": value, "url": url, "unit": unit, "level": light, "formula": ""}


def _address(name: str, place: Mapping[str, Any], **query: str) -> str:
    chosen = {key: value.pk for key, value in place.items()}
    return f"{reverse(name)}?{urlencode({**chosen, **query})}"
