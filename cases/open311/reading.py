"""Reading what a GeoReport client sends; every refusal is the specification's error list."""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from cases.models import AppKey, Category, CategoryQuestion
from gridparty.lib.china_time import local_date
from orgs.keys import fingerprint
from orgs.models import OrgUnit, Region

LONGEST = timedelta(days=90)
MOST_ROWS = 1000
_ATTRIBUTE = re.compile(r"attribute\[([A-Za-z0-9_]{1,30})\](?:\[\])?")
_YEARS = range(2000, 2100)


class Refused(Exception):
    """The request is not done: an HTTP status and sentences a person can act on."""

    def __init__(self, status: int, *sentences: str) -> None:
        super().__init__(*sentences)
        self.status, self.sentences = status, sentences


def no_nul(values: QueryDict) -> None:
    if any("\0" in value for _, many in values.lists() for value in map(str, many)):
        raise Refused(400, "内容里有不可见的空字符，请删除后重新提交。")


def app_of(request: HttpRequest, *, required: bool = False) -> AppKey | None:
    """Return the app whose api_key was sent; a wrong one is refused even where none is needed."""
    key = request.POST.get("api_key") or request.GET.get("api_key") or ""
    if not key:
        if required:
            raise Refused(403, "缺少 api_key。请向街道申请接入，取得 api_key 后再提交。")
        return None
    in_force = Q(expires_on=None) | Q(expires_on__gte=local_date(timezone.now()))
    found = AppKey.objects.filter(in_force, digest=fingerprint(f"open311:{key}"), is_active=True)
    app = found.select_related("street").first()
    if app is None:
        raise Refused(403, "api_key 无效、已停用或已过期。请核对，或向街道重新申请。")
    return app


def check_jurisdiction(values: Mapping[str, Any]) -> Q:
    """Return the Q of cases in the jurisdiction named: a district's or a street's division code.

    One installation is one endpoint, so it may be left out.
    """
    code = str(values.get("jurisdiction_id") or "").strip()
    if not code:
        return Q()
    if code.isascii() and code.isdigit():
        roots = OrgUnit.objects.active().filter(parent=None)
        root = roots.filter(division_code__startswith=code).first() if len(code) >= 9 else None
        if root is not None:
            return Q(street=root)
        if Region.objects.filter(code=code).exists():
            return Q(district__code__startswith=code)
    raise Refused(
        404, f"没有找到 jurisdiction_id“{code[:40]}”。请用区县代码（6 位）或街道代码（9 位）。"
    )


def words(values: Mapping[str, Any], name: str) -> list[str]:
    """Return the comma-separated words of an argument, [] when it is empty or not sent."""
    return [part.strip() for part in str(values.get(name) or "").split(",") if part.strip()]


def span(values: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """Return [start_date, end_date], by default the last 90 days; never longer than that."""
    start, end = read_moment(values, "start_date"), read_moment(values, "end_date")
    if start and end:
        if start > end:
            raise Refused(400, "start_date 晚于 end_date，请对调后再查。")
        if end - start > LONGEST:
            raise Refused(400, "一次最多查 90 天，请缩短 start_date 到 end_date 的时间段。")
        return start, end
    if start:
        return start, start + LONGEST
    end = end or timezone.now()
    return end - LONGEST, end


def read_moment(values: Mapping[str, Any], name: str) -> datetime | None:
    """Return a time; it must carry its zone. A "+" that was not escaped arrives as a blank."""
    text = str(values.get(name) or "").strip()
    if not text:
        return None
    read = parsed(re.sub(r" (?=\d\d:?\d\d$)", "+", text))
    if read is None or read.tzinfo is None or read.year not in _YEARS:
        raise Refused(400, f"{name} 应写成带时区的时间，例如 2026-01-31T08:00:00+08:00。")
    return read


def page_of(values: Mapping[str, Any]) -> tuple[int, int]:
    """Return the first row and the one after the last (`page` from 1, `page_size` up to 1,000)."""
    page, size = _whole(values, "page", 1), _whole(values, "page_size", MOST_ROWS)
    size = min(size, MOST_ROWS)
    return (page - 1) * size, page * size


def _whole(values: Mapping[str, Any], name: str, default: int) -> int:
    text = str(values.get(name) or "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and int(text[:7]) > 0 and len(text) < 7):
        raise Refused(400, f"{name} 应是 1 以上的整数。")
    return int(text)


def point_of(values: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return (longitude, latitude) when both are sent, None when neither is."""
    texts = [str(values.get(name) or "").strip() for name in ("long", "lat")]
    if not any(texts):
        return None
    if not all(texts):
        raise Refused(400, "lat 和 long 要一起提交。")
    try:
        lon, lat = map(float, texts)
    except ValueError:
        raise Refused(400, "lat 和 long 应是数字。") from None
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise Refused(400, "lat 应在 -90 到 90 之间，long 应在 -180 到 180 之间（WGS-84）。")
    return lon, lat


def service_of(code: str) -> Category:
    """Return the category a report may carry; 400 when none is named, 404 when it is not offered."""
    if not code:
        raise Refused(400, "缺少 service_code，请从 services 列表里选一个。")
    found: Category | None = services().filter(slug=code[:40]).first()
    if found is None:
        raise Refused(404, "没有找到这个 service_code，请从 services 列表里选一个。")
    return found


def services() -> Any:
    """Return the categories offered: in use, at the lowest level."""
    offered = Category.objects.filter(is_active=True, children=None).exclude(
        parent__is_active=False
    )
    return offered.select_related("parent", "sla_class").prefetch_related("questions")


def answers_to(questions: Iterable[CategoryQuestion], values: QueryDict) -> list[str]:
    """Return "问题：答案" per question answered; all faults are said at once."""
    given: dict[str, list[str]] = {}
    for name, many in values.lists():
        if match := _ATTRIBUTE.fullmatch(name):
            given.setdefault(match[1], []).extend(
                text.strip() for text in map(str, many) if text.strip()
            )
    lines, faults = [], []
    for question in questions:
        answer = given.get(question.code, [])
        fault = _fault(question, answer)
        if fault:
            faults.append(f"attribute[{question.code}]（{question.label}）：{fault}")
        elif answer:
            lines.append(f"{question.label}：{'、'.join(answer)}")
    if faults:
        raise Refused(400, *faults)
    return lines


def _fault(question: CategoryQuestion, answer: list[str]) -> str:
    kinds = CategoryQuestion.Datatype
    if not answer:
        return "这一项必须填写。" if question.required else ""
    if question.datatype != kinds.SEVERAL and len(answer) > 1:
        return "只能填一个答案。"
    if question.has_options and any(one not in question.choices for one in answer):
        return f"请从这些选项里选：{'、'.join(question.choices)}。"
    if any(len(one) > 500 for one in answer):
        return "最多 500 个字。"
    if question.datatype == kinds.NUMBER and not _is_number(answer[0]):
        return "应是数字。"
    if question.datatype == kinds.DATETIME and parsed(answer[0]) is None:
        return "应写成时间，例如 2026-01-31T08:00:00+08:00。"
    return ""


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def parsed(text: str) -> datetime | None:
    """Return the time, None for what is none (also a day the calendar does not have)."""
    try:
        return parse_datetime(text)
    except ValueError:
        return None
