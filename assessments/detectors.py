"""Detectors: what in the records asks for a word of explanation. One function each, by decorator.

A detector returns findings with the rows they rest on. Its limits stand in `rule`, as people read
them. What it finds is a question to the community and the street (`assessments.doubtflow`); nothing
is deducted, blocked or ranked by it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from assessments.fairness import of_grid_q
from assessments.models import PhotoPrint
from cases.models import Case, Revisit
from gridparty.lib.bigrams import alike, bigrams
from gridparty.lib.china_time import local_date
from gridparty.lib.dhash import SAME, bands, distance
from gridparty.lib.periods import Month
from residents.models import Visit

LAST_DAYS, BURST, BURST_SHARE = 3, 8, 50
QUICK, QUICK_MANY = timedelta(minutes=10), 3
TEMPLATE_MANY, TEMPLATE_ALIKE, TEMPLATE_WORDS = 4, 0.85, 4
UNREACHED, UNREACHED_SHARE = 3, 50
PHOTO_DAYS = 400
# What was asked once is not asked again because its oldest photo leaves the window.
NEWS = timedelta(days=62)


@dataclass(frozen=True)
class Finding:
    """A question to a grid; `key` is the same whenever the same thing is found."""

    grid: int
    key: str
    words: str
    evidence: Mapping[str, list[int]]


@dataclass(frozen=True)
class Asked:
    """A month that has ended, and the instant of asking."""

    month: Month
    now: datetime


@dataclass(frozen=True)
class Detector:
    """`monthly`: asked about each ended month; else once a night about all there is."""

    code: str
    label: str
    question: str
    rule: str
    find: Callable[[Asked], Iterable[Finding]]
    monthly: bool = True


DETECTORS: dict[str, Detector] = {}


Find = Callable[[Asked], Iterable[Finding]]


def detector(
    code: str, label: str, *, question: str, rule: str, monthly: bool = True
) -> Callable[[Find], Find]:
    """Register the decorated function as a detector."""

    def register(find: Find) -> Find:
        DETECTORS[code] = Detector(code, label, question, rule, find, monthly)
        return find

    return register


def _own_reports(month: Month) -> QuerySet[Case]:
    """Cases the grids' own people wrote down in the month."""
    found: QuerySet[Case] = Case.objects.counted().filter(
        of_grid_q("reporter_user"), created_at__gte=month.start, created_at__lt=month.end
    )
    return found.order_by()


@detector(
    "photo", "照片相同",
    question="这几处用的是同一张照片，是怎么回事？",
    rule=f"图像指纹 64 位中相差不超过 {SAME} 位，用在不同的记录或同一事项的不同环节；同一社区 {PHOTO_DAYS} 天内比对",
    monthly=False,
)  # fmt: skip
def same_photo(asked: Asked) -> Iterable[Finding]:
    since = asked.now - timedelta(days=PHOTO_DAYS)
    prints = PhotoPrint.objects.filter(at__gte=since).exclude(bits="").order_by("community", "id")
    for same in _clusters(prints.iterator(chunk_size=2000)):
        # Whoever took it first is asked only when he used it again himself.
        for grid in dict.fromkeys(one.grid_id for one in same[1:]):
            own = [same[0], *(one for one in same[1:] if one.grid_id == grid)]
            if len({(one.about, one.step) for one in own}) < 2 or own[-1].at < asked.now - NEWS:
                continue
            about: dict[str, list[int]] = defaultdict(list)
            for kind, number in dict.fromkeys(tuple(one.about.split()) for one in own):
                about[kind].append(int(number))
            many = sum(map(len, about.values()))
            words = f"同一张照片用在 {many} 处记录" if many > 1 else "办理前后用了同一张照片"
            yield Finding(grid, f"{same[0].kind} {same[0].photo}", words, about)


def _clusters(prints: Iterable[PhotoPrint]) -> Iterable[list[PhotoPrint]]:
    """Group the prints of each community by the first one they look like; rows come by community."""
    community, groups = None, list[list[PhotoPrint]]()
    index: dict[tuple[int, str], list[int]] = defaultdict(list)
    for one in prints:
        if one.community_id != community:
            yield from groups
            community, groups, index = one.community_id, [], defaultdict(list)
        near = {place for band in bands(one.bits) for place in index[band]}
        known = next(
            (at for at in sorted(near) if distance(groups[at][0].bits, one.bits) <= SAME), None
        )
        if known is not None:
            groups[known].append(one)
            continue
        for band in bands(one.bits):
            index[band].append(len(groups))
        groups.append([one])
    yield from groups


@detector(
    "burst", "月底集中登记",
    question="为什么集中在月底登记？是补录，还是凑数？",
    rule=f"网格人员当月登记的事项或走访，有 {BURST} 条以上、{BURST_SHARE}% 以上在最后 {LAST_DAYS} 天录入",
)  # fmt: skip
def month_end(asked: Asked) -> Iterable[Finding]:
    month = asked.month
    last = month.end - timedelta(days=LAST_DAYS)
    visits = Visit.objects.filter(
        of_grid_q("visitor"), created_at__gte=month.start, created_at__lt=month.end
    ).order_by()
    for kind, label, rows, column in (
        ("case", "件事项", _own_reports(month), "grid_id"),
        ("visit", "次走访", visits, "household__grid_id"),
    ):
        late = Q(created_at__gte=last)
        flagged = _mostly(rows, column, late, BURST, BURST_SHARE)
        ids = _ids(rows.filter(late), column, flagged)
        for grid, (many, total) in flagged.items():
            words = (
                f"{month.label}登记 {total} {label}，其中 {many} {label[0]}在最后 {LAST_DAYS} 天"
            )
            yield Finding(grid, f"{month} {kind}", words, {kind: ids[grid]})


@detector(
    "quick", "刚报就办完",
    question="从上报到反馈只有几分钟，是办完后补录的吗？",
    rule=f"网格人员登记、未出网格的事项，上报后 {QUICK.seconds // 60} 分钟内反馈办结，当月 {QUICK_MANY} 件以上",
)  # fmt: skip
def in_minutes(asked: Asked) -> Iterable[Finding]:
    rows = _own_reports(asked.month).filter(
        in_grid=True, fed_back_at__isnull=False, fed_back_at__lte=F("created_at") + QUICK
    )
    for grid, ids in _ids(rows, "grid_id").items():
        if len(ids) >= QUICK_MANY:
            words = (
                f"{asked.month.label}有 {len(ids)} 件上报后 {QUICK.seconds // 60} 分钟内就反馈办结"
            )
            yield Finding(grid, str(asked.month), words, {"case": ids})


@detector(
    "template", "描述雷同",
    question="这几件事项的描述几乎一样，是同一件事，还是套用的？",
    rule=f"网格人员当月登记的事项，{TEMPLATE_MANY} 件以上文字相似度达 {TEMPLATE_ALIKE:.0%}（不计数字和标点）",
)  # fmt: skip
def template_text(asked: Asked) -> Iterable[Finding]:
    by_grid: dict[int, list[tuple[frozenset[str], list[int]]]] = defaultdict(list)
    rows = _own_reports(asked.month).order_by("id").values_list("pk", "grid_id", "text")
    for pk, grid, text in rows.iterator(chunk_size=2000):
        pairs = frozenset(bigrams(text))
        if len(pairs) < TEMPLATE_WORDS:
            continue  # 路灯不亮 says all there is to say
        for first, ids in by_grid[grid]:
            if alike(first, pairs) >= TEMPLATE_ALIKE:
                ids.append(pk)
                break
        else:
            by_grid[grid].append((pairs, [pk]))
    for grid, groups in by_grid.items():
        for _, ids in groups:
            if len(ids) >= TEMPLATE_MANY:
                words = f"{asked.month.label}有 {len(ids)} 件事项的描述几乎相同"
                yield Finding(grid, f"{asked.month} {ids[0]}", words, {"case": ids})


@detector(
    "unreached", "回访打不通",
    question="网格人员登记的联系电话大多打不通，号码是怎么来的？",
    rule=f"网格人员登记、留有电话的事项，抽中回访后 {UNREACHED} 件以上、{UNREACHED_SHARE}% 以上联系不上",
)  # fmt: skip
def unreached(asked: Asked) -> Iterable[Finding]:
    asked_of = (
        Revisit.objects.filter(
            of_grid_q("case__reporter_user"), month=str(asked.month), merged=None
        )
        .exclude(case__reporter_phone="")
        .exclude(state=Revisit.State.PENDING)
        .order_by()
    )
    lost = Q(state=Revisit.State.UNREACHED)
    flagged = _mostly(asked_of, "case__grid_id", lost, UNREACHED, UNREACHED_SHARE)
    ids = _ids(asked_of.filter(lost), "case__grid_id", flagged, "case_id")
    for grid, (many, total) in flagged.items():
        words = f"{asked.month.label}抽中回访 {total} 件，{many} 件的联系电话打不通"
        yield Finding(grid, str(asked.month), words, {"case": ids[grid]})


def _mostly(
    rows: QuerySet[Any], column: str, part: Q, least: int, share: int
) -> dict[int, tuple[int, int]]:
    """Return {grid: (how many of `part`, of all)} where they are `least` and `share` percent or more."""
    counted = (
        rows.values_list(column)
        .annotate(many=Count("pk", filter=part), total=Count("pk"))
        .filter(many__gte=least)
    )
    return {grid: (many, total) for grid, many, total in counted if many * 100 >= total * share}


def _ids(
    rows: QuerySet[Any], column: str, grids: Iterable[int] | None = None, key: str = "pk"
) -> dict[int, list[int]]:
    """Return {grid: ids} of the rows, of these grids only when given."""
    if grids is not None:
        rows = rows.filter(**{f"{column}__in": list(grids)})
    found: dict[int, list[int]] = defaultdict(list)
    for grid, pk in rows.order_by("pk").values_list(column, key):
        found[grid].append(pk)
    return found


def ended_months(now: datetime, many: int) -> list[Month]:
    """Return the newest months that have ended, oldest first."""
    month = Month.of(local_date(now)).previous()
    found = [month]
    for _ in range(many - 1):
        found.append(found[-1].previous())
    return found[::-1]
