"""Programmes: begun, corrected, ended with an outcome; the work under their name."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from orgs.audit import describe_actions, record
from orgs.models import OrgUnit, Unit, User
from orgs.roles import EDIT, SEES, Noun
from orgs.scope import refusal
from partybuilding.catalog import ProgrammeKind
from partybuilding.models import Programme, ProgrammeLink
from partybuilding.models.programmes import LINKED
from partybuilding.services.means import area_of_org, home_of, require_org
from partybuilding.services.texts import line, prose

describe_actions(
    programme__begin="登记党建品牌", programme__revise="修改党建品牌", programme__end="结束党建品牌",
    programme__link="关联党建品牌的工作", programme__unlink="取消关联党建品牌的工作",
)  # fmt: skip


def _facts(*, kind: str, name: str, slogan: str, text: str) -> dict[str, str]:
    if kind not in ProgrammeKind.values:
        raise ValidationError({"kind": "请选择类型。"})
    return {
        "kind": kind, "name": line(name, "name", "名称", 60),
        "slogan": line(slogan, "slogan", "一句话介绍", 100, required=False),
        "text": prose(text, "text", "做什么", 2000),
    }  # fmt: skip


@transaction.atomic
def begin_programme(
    *, org: OrgUnit, kind: str, name: str, started_on: date, by: User | None, slogan: str = "",
    text: str = "", units: Collection[Unit] = (),
) -> Programme:  # fmt: skip
    """Put down a brand or project of an organisation and the units that take part."""
    home = home_of(org)
    require_org(home, by, Noun.PARTY, EDIT)
    if started_on > timezone.localdate():
        raise ValidationError({"started_on": "开始日期不能在今天以后。"})
    found = Programme(
        org=org, started_on=started_on, by=by, **area_of_org(home),
        **_facts(kind=kind, name=name, slogan=slogan, text=text),
    )  # fmt: skip
    found.validate_constraints()
    found.save()
    found.units.set(units)
    record(by=by, action="programme.begin", target=found, street=found.street_id)
    return found


def _require(programme: Programme, by: User | None) -> None:
    if by is None:
        return
    if not Programme.objects.visible_to(by, EDIT).filter(pk=programme.pk).exists():
        raise PermissionDenied(refusal(by, Noun.PARTY, EDIT))


@transaction.atomic
def revise_programme(
    *, programme: Programme, kind: str, name: str, by: User | None, slogan: str = "",
    text: str = "", units: Collection[Unit] = (),
) -> Programme:  # fmt: skip
    """Correct what is written of a programme, and who takes part."""
    _require(programme, by)
    for column, value in _facts(kind=kind, name=name, slogan=slogan, text=text).items():
        setattr(programme, column, value)
    programme.validate_constraints()
    programme.save()
    programme.units.set(units)
    record(by=by, action="programme.revise", target=programme, street=programme.street_id)
    return programme


@transaction.atomic
def end_programme(*, programme: Programme, on: date, outcome: str, by: User | None) -> Programme:
    """Close a programme with what came of it."""
    _require(programme, by)
    if not programme.started_on <= on <= timezone.localdate():
        raise ValidationError({"on": f"应在开始日期 {programme.started_on:%Y-%m-%d} 和今天之间。"})
    words = line(outcome, "outcome", "成效", 500)
    rows = Programme.objects.running().filter(pk=programme.pk)
    if rows.update(ended_on=on, outcome=words) != 1:
        raise ValidationError("已经结束，请刷新后再看。", code="stale")
    record(by=by, action="programme.end", target=programme, street=programme.street_id)
    programme.refresh_from_db()
    return programme


@transaction.atomic
def link_work(
    *, programme: Programme, by: User | None, **work: Collection[Any]
) -> list[ProgrammeLink]:
    """Put work the user can see under a programme; `work`: rows by the names of LINKED."""
    _require(programme, by)
    wanted = [(name, row) for name in LINKED for row in work.get(name, ())]
    if not wanted:
        raise ValidationError("请至少选一项工作。")
    for name, row in wanted:
        rows = type(row)._default_manager
        if by is not None and not rows.visible_to(by, SEES).filter(pk=row.pk).exists():
            raise PermissionDenied("这项工作不在您的管理范围内。")
        street = row.alliance.street_id if name == "record" else row.street_id
        if street != programme.street_id:
            raise ValidationError({name: "只能关联本街道的工作。"})
    links = [ProgrammeLink(programme=programme, **{name: row}) for name, row in wanted]
    made = ProgrammeLink.objects.bulk_create(links, ignore_conflicts=True)
    record(
        by=by, action="programme.link", target=programme, street=programme.street_id,
        detail={name: len(rows) for name, rows in work.items() if rows},
    )  # fmt: skip
    return made


@transaction.atomic
def unlink_work(*, link: ProgrammeLink, by: User | None) -> None:
    """Take work out from under a programme; the work itself stays."""
    programme = link.programme
    _require(programme, by)
    link.delete()
    record(by=by, action="programme.unlink", target=programme, street=programme.street_id)
