"""四零 (domain brief §3E): what the register knows of homes nobody reached, people overdue, disputes."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from assessments.dashboard import Figure, Place
from assessments.scoring import rate_percent
from cases.querysets import CaseQuerySet
from gridparty.lib.china_time import local_date
from orgs.levels import Tier
from orgs.roles import MASKED, SEES, STATS, VIEW, Noun
from orgs.scope import can
from residents.models import CareTag, Household
from residents.querysets import BLIND_DAYS

DISPUTE = "dispute"


def four_zeros(cases: CaseQuerySet, place: Place, user: Any, now: datetime) -> list[Figure]:
    """Return the gauges the user may see, each with its list where the rows are his to open."""
    day = local_date(now)
    figures = []
    if can(user, Noun.RESIDENT, SEES + STATS):
        homes = _here(Household.objects.visible_to(user, SEES + STATS), place)
        lived, blind = homes.to_link().count(), homes.untouched(day).count()
        figures.append(
            _figure("社情民意零盲点", lived - blind, lived, f"{BLIND_DAYS} 天内联系过的住户 ÷ 有人居住的住户",
                    _to(user, Noun.RESIDENT, "residents:households", place, contact="none"))
        )  # fmt: skip
        headed = homes.with_head().count()
        figures.append(
            _figure("居民服务零距离", headed, lived, "有红色楼道长联系的住户 ÷ 有人居住的住户",
                    _to(user, Noun.RESIDENT, "residents:head_gaps", place))
        )  # fmt: skip
    asked = place.narrow().but(category=DISPUTE, stage="open")
    open_ones = cases.filter(asked.conditions(now)).count()
    figures.append(Figure("矛盾纠纷零激化", open_ones, asked.url(), formula="未结的矛盾纠纷事项"))
    if can(user, Noun.CARE, SEES + STATS):
        tags = CareTag.objects.visible_to(user, SEES + STATS).of_households(
            _here(Household.objects.all(), place)
        )
        late = tags.overdue(day).count()
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


def _here(homes: Any, place: Place) -> Any:
    node = place.node
    if node is None:
        return homes
    return homes.filter(**{"street" if node.tier == Tier.STREET else "community": node})


def _figure(label: str, hit: int, total: int, words: str, url: str) -> Figure:
    return Figure(
        label, rate_percent(hit, total), url, formula=f"{hit} ÷ {total}：{words}", unit="%"
    )


def _to(user: Any, noun: str, name: str, place: Place, **asked: str) -> str:
    """Return the list's address, "" for who may see numbers only."""
    if not can(user, noun, VIEW + MASKED):
        return ""
    if place.node is not None and place.node.tier != Tier.STREET:
        asked |= {"community": str(place.node.pk)}
    return f"{reverse(name)}?{urlencode(asked)}" if asked else reverse(name)
