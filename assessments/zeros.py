"""四零 (domain brief §3E): what the register knows of homes nobody reached, people overdue, disputes."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from assessments.counting import Arm, count
from assessments.dashboard import Figure, Place
from assessments.scoring import rate_percent
from assessments.tallies import DISPUTE
from gridparty.lib.china_time import local_date
from orgs.levels import Tier
from orgs.roles import MASKED, SEES, STATS, VIEW, Noun
from orgs.scope import can
from residents.models import CareTag, Household
from residents.querysets import BLIND_DAYS


def four_zeros(
    disputes: int, place: Place, user: Any, now: datetime, kept: tuple[int, ...] = ()
) -> list[Figure]:
    """Return the gauges the user may see, each with its list where the rows are his to open.

    `kept` are the counts of homes of the rollups (models.rollups.HOMES), () where they are counted now.
    """
    day = local_date(now)
    figures = []
    if can(user, Noun.RESIDENT, SEES + STATS):
        homes = _here(Household.objects.visible_to(user, SEES + STATS), place)
        lived, blind, headed = kept if kept else _homes(homes, day)
        figures.append(
            _figure("社情民意零盲点", lived - blind, lived, f"{BLIND_DAYS} 天内联系过的住户 ÷ 有人居住的住户",
                    _to(user, Noun.RESIDENT, "residents:households", place, contact="none"))
        )  # fmt: skip
        figures.append(
            _figure("居民服务零距离", headed, lived, "有红色楼道长联系的住户 ÷ 有人居住的住户",
                    _to(user, Noun.RESIDENT, "residents:head_gaps", place))
        )  # fmt: skip
    asked = place.narrow().but(category=DISPUTE, stage="open")
    figures.append(Figure("矛盾纠纷零激化", disputes, asked.url(), formula="未结的矛盾纠纷事项"))
    if can(user, Noun.CARE, SEES + STATS):
        tags = CareTag.objects.visible_to(user, SEES + STATS).of_households(
            _here(Household.objects.all(), place)
        )
        late = tags.overdue(day).count()  # which kinds he may see depends on the user: never kept
        url = _to(user, Noun.CARE, "residents:care", place, due="overdue")
        figures.append(
            Figure(
                "关爱帮扶零缺失",
                late,
                url,
                "red" if late else "",
                "走访逾期的重点人群",
                unit="人次",
            )
        )
    return figures


def _homes(homes: Any, day: Any) -> tuple[int, int, int]:
    """Return how many are lived in, of them not reached, and of them with a head: one query."""
    rows = (homes.to_link(), homes.untouched(day), homes.with_head())
    lived, blind, headed = (
        sum(n for (n,) in found.values())
        for found in count([Arm(one, "street_id") for one in rows])
    )
    return lived, blind, headed


def _here(homes: Any, place: Place) -> Any:
    node = place.node
    if node is None:
        return homes.filter(district=place.district) if place.district else homes
    return homes.filter(**{"street" if node.tier == Tier.STREET else "community": node})


def _figure(label: str, hit: int, total: int, words: str, url: str) -> Figure:
    return Figure(
        label, rate_percent(hit, total), url, formula=f"{hit} ÷ {total}：{words}", unit="%"
    )


def _to(user: Any, noun: str, name: str, place: Place, **asked: str) -> str:
    """Return the list's address, "" for who may see numbers only."""
    if place.district is not None or not can(user, noun, VIEW + MASKED):
        return ""  # those lists are not narrowed by district
    if place.node is not None and place.node.tier != Tier.STREET:
        asked |= {"community": str(place.node.pk)}
    return f"{reverse(name)}?{urlencode(asked)}" if asked else reverse(name)
