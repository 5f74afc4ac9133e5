"""跟踪问效: choose closed cases for a later look, record what it found; a relapse reopens the case."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cases.effects import TERMS, Effect, EffectState, due_on
from cases.holders import users_of
from cases.models import Case, CaseEvent, EffectReview
from cases.services.actors import sides_of
from cases.services.inputs import BadInput, clean_text
from cases.services.moves import move
from cases.services.refusals import MoveRefused, invalid, not_allowed, wrong_state
from cases.workflow import HANDLING_MOVES, Status, Who
from gridparty.lib.china_time import local_date
from notices.services import notify_counts
from orgs import audit
from orgs.models import User

audit.describe_actions(
    effect__choose="列入跟踪问效",
    effect__record="跟踪问效：登记核查",
    effect__export="导出跟踪问效",
)
WATCHERS = (Who.COMMUNITY, Who.STREET)
# Taken in without anybody asking: what was supervised, and what came back once.
BY_RULE = TERMS[0]


def may_watch(case: Case, user: User) -> str:
    """Return the label of the side by which the user chooses and records; "" for others."""
    sides = sides_of(case, user)
    return next((sides[who] for who in WATCHERS if who in sides), "")


def terms_left(case: Case) -> list[int]:
    """Return the terms the case is not taken in for in this round."""
    taken = set(case.effects.filter(cycle=case.cycle).values_list("days", flat=True))
    return [days for days in TERMS if days not in taken]


def choose_reviews(
    *, case: Case, days: Sequence[int], by: User, now: datetime | None = None
) -> list[EffectReview]:
    """Take a closed case in for looks so many days after its closing; raises MoveRefused."""
    if not may_watch(case, by):
        raise not_allowed("由社区或街道列入跟踪问效。")
    with transaction.atomic():
        fresh = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        if fresh.status != Status.CLOSED or fresh.closed_at is None:
            raise wrong_state(f"事项现在是“{fresh.status_label}”，销号以后才能列入跟踪问效。")
        left = terms_left(fresh)
        wanted = [one for one in left if one in days]
        if not days:
            raise invalid({"days": "请选择销号后多少天核查。"})
        if not wanted:
            raise invalid({"days": "已经列入过，不用再列。"})
        made = _take_in(fresh, wanted, by, now or timezone.now())
        audit.record(
            by=by, action="effect.choose", target=fresh, street=fresh.street_id,
            detail={"days": wanted},
        )  # fmt: skip
    return made


def _take_in(case: Case, days: Sequence[int], by: User | None, now: datetime) -> list[EffectReview]:
    closed = case.closed_at or now
    return EffectReview.objects.bulk_create(
        EffectReview(
            case=case, cycle=case.cycle, days=one, chosen_by=by, chosen_at=now,
            due_on=max(due_on(closed, one), local_date(now)),
        )
        for one in days
    )  # fmt: skip


def take_in_by_rule(case: Case, now: datetime) -> None:
    """At its closing: what was supervised or reopened is looked at again without anybody asking."""
    if case.supervised_at is None and case.cycle == 1:
        return
    if BY_RULE in terms_left(case):
        _take_in(case, [BY_RULE], None, now)


def lapse(case: Case) -> None:
    """A case under way again, or void, needs no look at its old closing."""
    case.effects.filter(state=EffectState.WAITING).update(state=EffectState.LAPSED)


def record_review(
    *, review: EffectReview, by: User, effect: str, note: str, now: datetime | None = None
) -> EffectReview:
    """Write what the look found; 反弹 reopens the case with the same note. Raises MoveRefused."""
    moment = now or timezone.now()
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=review.case_id)
        fresh = EffectReview.objects.select_for_update().get(pk=review.pk)
        label = may_watch(case, by)
        if not label:
            raise not_allowed("由社区或街道登记跟踪核查。")
        refusal = recording_refusal(fresh, case, by, moment)
        if refusal is not None:
            raise refusal
        fresh.note = _checked(effect, note)
        fresh.effect, fresh.state = effect, EffectState.DONE
        fresh.done_by, fresh.done_label, fresh.done_at = by, label, moment
        fresh.save()
        audit.record(
            by=by, action="effect.record", target=fresh, street=case.street_id,
            detail={"case": case.pk, "effect": effect},
        )  # fmt: skip
        if effect == Effect.RELAPSED:
            move(case=case, name="reopen", by=by, reason="relapse", note=fresh.note, now=moment)
    return fresh


def recording_refusal(
    review: EffectReview, case: Case, by: User, now: datetime
) -> MoveRefused | None:
    """Return why this person cannot record the look now, None when it may be done."""
    if review.state == EffectState.DONE:
        who = review.done_by.display_name if review.done_by else "他人"
        return wrong_state(f"{who}已经登记过这次核查。")
    if review.state == EffectState.LAPSED or case.status != Status.CLOSED:
        return wrong_state(f"事项现在是“{case.status_label}”，这次核查不再需要。")
    if review.due_on > local_date(now):
        return wrong_state(
            f"{review.due_on:%Y年%-m月%-d日}才到核查日期；现在就反弹的，请在事项页面点“重开”。"
        )
    handled = CaseEvent.objects.filter(
        case=case, cycle=review.cycle, move__in=HANDLING_MOVES, actor=by
    )
    return not_allowed("您办理过这件事项，须由其他人核查成效。") if handled.exists() else None


def _checked(effect: str, note: str) -> str:
    errors: dict[str, str] = {}
    if effect not in Effect.values:
        errors["effect"] = "请选择成效。"
    try:
        text = clean_text(note, "核查情况", 500)
    except BadInput as error:
        text, errors["note"] = "", str(error)
    if not text and "note" not in errors:
        errors["note"] = "请填写核查情况：什么时候、怎么看的、现在怎样。"
    if errors:
        raise invalid(errors)
    return text


def remind_due(now: datetime) -> int:
    """Tell the communities once of every look whose day has come; returns how many looks."""
    told = 0
    with transaction.atomic():
        rows = EffectReview.objects.due(local_date(now)).filter(told_at=None)
        locked = list(
            rows.select_for_update(of=("self",), skip_locked=True).select_related("case")[:2000]
        )
        EffectReview.objects.filter(pk__in=[row.pk for row in locked]).update(told_at=now)
        users = users_of({("community", row.case.community_id) for row in locked})
        sums: dict[int, Counter[int]] = {}
        for row in locked:
            who: Any = users[("community", row.case.community_id)]
            sums.setdefault(row.case.street_id, Counter()).update(who)
        for street, counts in sorted(sums.items()):
            notify_counts(
                kind="case.effect", what="due", counts=dict(counts), street=street,
                link=reverse("cases:effects"), now=now, key=f"effect:{local_date(now)}",
            )  # fmt: skip
        told = len(locked)
    return told
