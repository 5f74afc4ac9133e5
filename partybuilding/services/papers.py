"""Policy documents sent to be read, receipts, reminders; honours."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import IO

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from gridparty.lib.china_time import local_date
from orgs import sealedfiles
from orgs.audit import describe_actions, record
from orgs.models import OrgUnit, User
from orgs.roles import EDIT, Noun, Role
from orgs.scope import refusal
from partybuilding.catalog import HonourLevel
from partybuilding.models import Honour, PaperReceipt, PolicyPaper
from partybuilding.notices import tell_paper, tell_unread
from partybuilding.querysets.papers import readers_below
from partybuilding.services.means import area_of_org, home_of, require_org
from partybuilding.services.texts import line, prose
from volunteers.services.claims import checked_agreement

describe_actions(
    paper__send="下发政策文件", paper__withdraw="撤回政策文件", paper__read="阅读政策文件",
    paper__file="下载政策文件", honour__record="登记荣誉",
)  # fmt: skip
READERS = (
    Role.COMMUNITY_STAFF, Role.COMMUNITY_SECRETARY, Role.BRANCH_SECRETARY, Role.GRID_HEAD,
    Role.GRID_WORKER_FT,
)  # fmt: skip


@transaction.atomic
def send_paper(
    *, org: OrgUnit, title: str, issuer: str, issued_on: date, read_by: date,
    roles: Sequence[str], by: User | None, doc_no: str = "", text: str = "",
    file: IO[bytes] | None = None, now: datetime | None = None,
) -> PolicyPaper:  # fmt: skip
    """Send a document to those who hold the roles below an organisation.

    ValidationError by field: nobody to read it, a day that has passed, neither words nor a file.
    """
    require_org(org, by, Noun.PARTY, EDIT)
    now = now or timezone.now()
    today = local_date(now)
    if issued_on > today:
        raise ValidationError({"issued_on": "发文日期不能在今天以后。"})
    if read_by < today:
        raise ValidationError({"read_by": "阅读期限已经过去，请改晚一些。"})
    if not roles or not set(roles) <= set(READERS):
        raise ValidationError({"roles": "请选择发给谁。"})
    words = prose(text, "text", "要点", 5000)
    data = checked_agreement(file) if file else b""
    if not (words or data):
        raise ValidationError({"text": "请写要点，或上传文件。"})
    readers = list(readers_below(org, list(roles)).order_by("pk"))
    if not readers:
        raise ValidationError({"roles": "范围里没有这些角色的账号，请另选。"})
    paper = PolicyPaper.objects.create(
        title=line(title, "title", "标题", 100), issuer=line(issuer, "issuer", "发文机关", 60),
        doc_no=line(doc_no, "doc_no", "文号", 60, required=False), issued_on=issued_on,
        read_by=read_by, text=words, by=by, sent_at=now,
        file_as=sealedfiles.store(data, folder="papers") if data else "", **area_of_org(org),
    )  # fmt: skip
    PaperReceipt.objects.bulk_create(PaperReceipt(paper=paper, user=user) for user in readers)
    tell_paper(paper, [user.pk for user in readers])
    record(
        by=by, action="paper.send", target=paper, street=paper.street_id,
        detail={"readers": len(readers)},
    )  # fmt: skip
    return paper


@transaction.atomic
def read_paper(*, paper: PolicyPaper, by: User, now: datetime | None = None) -> None:
    """The receipt: one has read it. ValidationError when it was not sent to him, or read already."""
    rows = PaperReceipt.objects.filter(paper=paper, user=by, read_at=None)
    if paper.withdrawn_on or rows.update(read_at=now or timezone.now()) != 1:
        raise ValidationError("这份文件不需要您签阅，或已经签阅。", code="stale")
    record(by=by, action="paper.read", target=paper, street=paper.street_id)


@transaction.atomic
def withdraw_paper(*, paper: PolicyPaper, by: User) -> None:
    if not PolicyPaper.objects.visible_to(by, EDIT).filter(pk=paper.pk).exists():
        raise PermissionDenied(refusal(by, Noun.PARTY, EDIT))
    rows = PolicyPaper.objects.filter(pk=paper.pk, withdrawn_on=None)
    if rows.update(withdrawn_on=timezone.localdate()) != 1:
        raise ValidationError("这份文件已经撤回。", code="stale")
    record(by=by, action="paper.withdraw", target=paper, street=paper.street_id)


@transaction.atomic
def chase_readers(*, today: date) -> int:
    """After the day, remind once those who have not read; returns how many papers are overdue."""
    papers = list(PolicyPaper.objects.overdue(today))
    unread: dict[int, list[int]] = {}
    rows = PaperReceipt.objects.filter(paper__in=papers, read_at=None)
    for paper, user in rows.values_list("paper", "user"):
        unread.setdefault(paper, []).append(user)
    for one in papers:
        tell_unread(one, unread.get(one.pk, []))
    return len(papers)


@transaction.atomic
def record_honour(
    *, org: OrgUnit, title: str, level: str, granted_by: str, granted_on: date, by: User | None
) -> Honour:
    """Put down an honour. ValidationError: a day ahead, the same one twice."""
    root = home_of(org)
    require_org(root, by, Noun.PARTY, EDIT)
    if level not in HonourLevel.values:
        raise ValidationError({"level": "请选择级别。"})
    if granted_on > timezone.localdate():
        raise ValidationError({"granted_on": "授予日期不能在今天以后。"})
    name = line(title, "title", "荣誉名称", 100)
    if Honour.objects.filter(org=org, title=name, granted_on=granted_on).exists():
        raise ValidationError({"title": "这项荣誉已经登记过。"})
    found = Honour.objects.create(
        org=org, title=name, level=level, granted_on=granted_on, by=by,
        granted_by=line(granted_by, "granted_by", "授予单位", 60), **area_of_org(root),
    )  # fmt: skip
    record(by=by, action="honour.record", target=found, street=found.street_id)
    return found
