"""对接: a unit or team takes over (part of) a need, or the community sends it there."""

from typing import IO, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from grids.texts import one_line
from orgs import sealedfiles
from orgs.audit import describe_actions, record
from orgs.models import Unit, User
from orgs.roles import SEES, Noun
from orgs.scope import grants_with
from residents.models import Need
from residents.needflow import ON_OFFER, NeedStatus
from residents.services.needs import advance_need
from volunteers.models import Claim, Project, Resource, Step, Team
from volunteers.notices import tell_claim
from volunteers.scope import units_of
from volunteers.services.lives import require_side, take_step
from volunteers.services.places import columns_of, require_community
from volunteers.services.resources import settle_resource, taken_of
from volunteers.workflow import HOLDING, TAKES_NEEDS, USABLE, ClaimStatus, Who

describe_actions(claim__ask="认领需求", claim__send="派单", claim__agreement="上传共建协议",
                 claim__read_agreement="查看共建协议", claim__project="需求列入项目")  # fmt: skip
MAX_BYTES = 10 * 1024 * 1024


@transaction.atomic
def ask_for(
    *, need: Need, by: User, quantity: int, unit: Unit | None = None, team: Team | None = None,
    resource: Resource | None = None, note: str = "",
) -> Claim:  # fmt: skip
    """认领: a unit (by its user) or a team (by its leader) offers to take over a need."""
    if unit is not None and unit.pk not in units_of(by):
        raise PermissionDenied("只能为自己的单位认领。")
    if team is not None and team.leader_id != by.person_id:
        raise PermissionDenied("服务队由队长认领。")
    if not grants_with(by, Noun.VOLUNTEER, SEES):
        raise PermissionDenied("您的角色不能认领需求。")
    return _claim(
        need, Claim.Way.ASKED, ClaimStatus.ASKED, by, quantity, unit, team, resource, note
    )


@transaction.atomic
def send_to(
    *, need: Need, by: User | None, quantity: int, unit: Unit | None = None,
    team: Team | None = None, resource: Resource | None = None, note: str = "",
) -> Claim:  # fmt: skip
    """派单: the community hands a need to a unit or a team, which says yes or no."""
    require_community(need.household.community, by)
    return _claim(need, Claim.Way.SENT, ClaimStatus.SENT, by, quantity, unit, team, resource, note)


@transaction.atomic
def move_claim(*, claim: Claim, name: str, by: User | None, note: str = "") -> Claim:
    """Take a claim along its table; need and resource follow."""
    need = _locked(claim.need)
    columns = {"matched_at": timezone.now()} if name in ("confirm", "accept") else {}
    if name in ("confirm", "accept") and need.status not in ON_OFFER:
        raise ValidationError(f"这条需求{need.get_status_display()}，不能再对接。")
    take_step(row=claim, name=name, by=by, note=note, **columns)
    if name in ("confirm", "refuse"):
        tell_claim(
            claim=claim, what="认领" + ("已确认" if name == "confirm" else "没有通过"), step=name
        )
    _settle_need(need, by, note)
    if claim.resource is not None:
        settle_resource(claim.resource)
    return claim


@transaction.atomic
def put_into_project(*, claim: Claim, project: Project, by: User | None) -> Claim:
    """Let a project see to the need; needs of a running project are 项目中."""
    if by is not None:
        require_side(claim, by, Who.STAFF)
    if claim.community_id != project.community_id:
        raise ValidationError("项目和需求不在同一个社区。")
    need = _locked(claim.need)
    claim.refresh_from_db()
    if claim.status != ClaimStatus.LIVE:
        raise ValidationError("对接还没有确认，不能放进项目。")
    if project.status not in TAKES_NEEDS:
        raise ValidationError(f"项目{project.get_status_display()}，不能再列入需求。")
    claim.project = project
    claim.save(update_fields=["project"])
    record(by=by, action="claim.project", target=claim, street=claim.street_id)
    if project.status == "running" and need.status == NeedStatus.MATCHED:
        advance_need(need=need, move="start", by=by)
    return claim


def start_needs(project: Project, by: User | None) -> None:
    """A project has begun: the needs in it go with it."""
    for claim in project.claims.filter(status=ClaimStatus.LIVE).select_related("need"):
        need = _locked(claim.need)
        if need.status in (NeedStatus.PUBLISHED, NeedStatus.MATCHED):
            advance_need(need=need, move="start", by=by)


def lapse_claims(*, need: Need, by: User | None) -> int:
    """A need was withdrawn or met otherwise: what still hangs on it ends, and each side is told."""
    hanging = list(
        need.claims.filter(status__in=HOLDING[:3]).select_related(
            "street", "community", "unit", "team", "resource", "need__household__grid"
        )
    )
    for claim in hanging:
        take_step(row=claim, name="lapse", by=None, note=f"需求{need.get_status_display()}")
        tell_claim(claim=claim, what="需求已了结，不用再办", step="lapse")
        if claim.resource is not None:
            settle_resource(claim.resource)
    return len(hanging)


def checked_agreement(file: IO[bytes]) -> bytes:
    """Return a signed paper's bytes; ValidationError unless it is a PDF or a photo of 10 MB at most."""
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValidationError({"file": "文件超过 10 MB，请压缩后再传。"})
    if not data.startswith((b"%PDF-", b"\xff\xd8\xff", b"\x89PNG")):
        raise ValidationError({"file": "请上传 PDF、JPG 或 PNG 文件。"})
    return data


@transaction.atomic
def keep_agreement(*, claim: Claim, file: IO[bytes], by: User) -> None:
    """Store the signed 共建协议 (PDF or photo), sealed; a new one replaces the old."""
    require_side(claim, by, Who.STAFF, Who.UNIT)
    data = checked_agreement(file)
    old, claim.agreement_as = claim.agreement_as, sealedfiles.store(data, folder="agreements")
    claim.save(update_fields=["agreement_as"])
    transaction.on_commit(lambda: sealedfiles.delete(old))
    record(by=by, action="claim.agreement", target=claim, street=claim.street_id)


def free_quantity(need: Need) -> int:
    """Return how much of the need nobody has taken."""
    return need.quantity - sum(
        need.claims.filter(status__in=HOLDING).values_list("quantity", flat=True)
    )


def _claim(
    need: Need, way: str, status: str, by: User | None, quantity: int, unit: Unit | None,
    team: Team | None, resource: Resource | None, note: str,
) -> Claim:  # fmt: skip
    """Check under the need's lock, write, tell."""
    if (unit is None) == (team is None):
        raise ValidationError("请选择一个单位或一支服务队。")
    need = _locked(need)
    if need.status not in ON_OFFER or need.privacy != Need.Privacy.OPEN:
        raise ValidationError(f"这条需求{need.get_status_display()}，不能再认领。")
    free = free_quantity(need)
    if free <= 0:
        raise ValidationError("这条需求已经全部有人认领，请看其他需求。", code="taken")
    if not 1 <= quantity <= free:
        raise ValidationError({"quantity": f"还剩 {free} 份没人认领，最多填 {free}。"})
    if unit and need.claims.filter(unit=unit, status__in=HOLDING[:3]).exists():
        raise ValidationError("这个单位已经认领了这条需求。")
    if team and team.leader_id is not None and team.leader_id == need.person_id:
        raise ValidationError("队长就是这条需求的服务对象，请换一支服务队。")
    if resource is not None:
        _check_resource(resource, unit, quantity)
    claim = Claim.objects.create(
        **columns_of(need.household.community), need=need, unit=unit, team=team, resource=resource,
        way=way, quantity=quantity, status=status,
        note=one_line(note, label="说明", longest=200, required=False),
    )  # fmt: skip
    verb = "ask" if way == Claim.Way.ASKED else "send"
    Step.objects.create(subject="claim", row=claim.pk, move=verb, note=claim.note, by=by)
    record(by=by, action=f"claim.{verb}", target=claim, street=claim.street_id)
    if resource is not None:
        settle_resource(resource)
    if way == Claim.Way.SENT:
        tell_claim(claim=claim, what="社区派来一条需求", step="send")
    return claim


def _check_resource(resource: Resource, unit: Unit | None, quantity: int) -> None:
    resource = Resource.objects.select_for_update(of=("self",)).get(pk=resource.pk)
    if unit is None or resource.unit_id != unit.pk:
        raise ValidationError({"resource": "这项资源不是这个单位的。"})
    if resource.status not in USABLE:
        raise ValidationError({"resource": f"这项资源{resource.get_status_display()}，不能用。"})
    free = resource.capacity - taken_of(resource)
    if quantity > free:
        raise ValidationError({"resource": f"这项资源只剩 {free}{resource.measure}。"})


def _locked(need: Need) -> Need:
    rows: Any = Need.objects.select_for_update(of=("self",))
    found: Need = rows.select_related("household__community", "household__grid").get(pk=need.pk)
    return found


def _settle_need(need: Need, by: User | None, note: str) -> None:
    """Let the need say what its claims have come to."""
    done = [claim.quantity for claim in need.claims.filter(status=ClaimStatus.DONE)]
    live = need.claims.filter(status=ClaimStatus.LIVE).exists()
    need.refresh_from_db()
    if need.status == NeedStatus.PUBLISHED and (live or done):
        advance_need(need=need, move="match", by=by)
    if need.status in (NeedStatus.MATCHED, NeedStatus.IN_PROJECT):
        if sum(done) >= need.quantity:
            advance_need(need=need, move="fulfil", by=by, note=note)
        elif not live and not done:
            advance_need(need=need, move="release", by=by)
