"""资源: offered by a unit (or written down for it), reviewed by the community."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from grids.models import Building, Grid
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import OrgUnit, Unit, User
from residents.models import Need
from volunteers.catalog import ResourceKind
from volunteers.models import Resource
from volunteers.scope import units_of
from volunteers.services.lives import require_side, take_step
from volunteers.services.places import columns_of, require_community
from volunteers.workflow import HOLDING, ResourceStatus, Who

describe_actions(resource__offer="登记资源", resource__edit="修改资源")


@transaction.atomic
def offer_resource(
    *, unit: Unit, community: OrgUnit | None, street: OrgUnit, by: User | None,
    grids: Sequence[Grid] = (), **facts: Any,
) -> Resource:  # fmt: skip
    """Put a resource on the list, to be reviewed; `facts` as in `edit_resource`.

    A unit offers what is its own; staff write down what they were told. Community None: the
    whole street may use it.
    """
    if by is not None and unit.pk not in units_of(by):
        if community is None:
            raise PermissionDenied("请选择社区，全街道的资源由单位自己登记。")
        require_community(community, by)
    place = columns_of(community) if community else {**columns_of(street), "community": None}
    resource = Resource(**place, unit=unit)
    _fill(resource, **facts)
    resource.save()
    resource.grids.set(grids)
    record(by=by, action="resource.offer", target=resource, street=resource.street_id)
    return resource


@transaction.atomic
def edit_resource(
    *, resource: Resource, by: User, grids: Sequence[Grid] = (), **facts: Any
) -> Resource:
    """Change what is offered; never below what has been promised to needs."""
    require_side(resource, by, Who.UNIT, Who.STAFF)
    resource = Resource.objects.select_for_update(of=("self",)).get(pk=resource.pk)
    _fill(resource, **facts)
    taken = taken_of(resource)
    if resource.capacity < taken:
        raise ValidationError({"capacity": f"已经对接了 {taken}{resource.measure}，不能少于它。"})
    resource.save()
    resource.grids.set(grids)
    settle_resource(resource)
    record(by=by, action="resource.edit", target=resource, street=resource.street_id)
    return resource


def taken_of(resource: Resource) -> int:
    """Return the quantity that claims hold of it."""
    rows = resource.claims.filter(status__in=HOLDING).values_list("quantity", flat=True)
    return sum(rows)


def settle_resource(resource: Resource) -> None:
    """Close a resource that is fully promised, open one that has room again."""
    free = resource.capacity - taken_of(resource)
    resource.refresh_from_db(fields=["status"])
    if free <= 0 and resource.status == ResourceStatus.OPEN:
        take_step(row=resource, name="reserve", by=None)
    elif free > 0 and resource.status == ResourceStatus.RESERVED:
        take_step(row=resource, name="free", by=None)


def expire_resources(*, today: date) -> int:
    """Let resources lapse whose last day has passed; return how many."""
    live = (ResourceStatus.OFFERED, ResourceStatus.OPEN, ResourceStatus.RESERVED)
    gone = Resource.objects.filter(status__in=live, valid_until__lt=today)
    for resource in gone:
        take_step(row=resource, name="expire", by=None)
    return len(gone)


def _fill(
    resource: Resource, *, kind: str, title: str, need_kinds: Sequence[str], capacity: int,
    measure: str = "次", times: str = "", conditions: str = "", contact: str = "",
    available_from: date | None = None, valid_until: date | None = None,
    building: Building | None = None,
) -> None:  # fmt: skip
    if kind not in ResourceKind.values:
        raise ValidationError({"kind": "请选择资源类别。"})
    wanted = [code for code in Need.Kind.values if code in need_kinds]
    if not wanted:
        raise ValidationError({"need_kinds": "请选择能解决哪些需求，对接时按它匹配。"})
    resource.kind, resource.need_kinds, resource.capacity = kind, wanted, capacity
    resource.title = one_line(title, label="名称", longest=60)
    resource.measure = one_line(measure, label="计量", longest=10, required=False) or "次"
    resource.times = one_line(times, label="可用时间", longest=100, required=False)
    resource.conditions = one_line(conditions, label="使用条件", longest=200, required=False)
    resource.contact = one_line(contact, label="联系人", longest=60, required=False)
    resource.available_from = available_from or resource.available_from
    if valid_until is not None and valid_until < resource.available_from:
        raise ValidationError({"valid_until": "有效期要晚于开始日期。"})
    resource.valid_until, resource.building = valid_until, building
