"""拆件: one problem with several sides becomes several cases, each with a clock and a life of its own.

The whole keeps its reporter and its number and waits; a part knows the whole (`parent`). Parts do
not split again, so nothing waits for itself. A part ends like any case; only then is the whole
gathered, checked and closed. Once the whole has gone on, its parts stay closed: whoever wants them
done again reopens the whole. 诉求量 counts the whole once, workload each part.
"""

from cases.clocks import due_after
from cases.models import Case, CaseEvent
from cases.numbers import new_tracking_code, next_case_no
from cases.services.actors import Act
from cases.services.chaining import chained
from cases.signals import case_moved
from cases.statuses import Status
from cases.zoning import limits_of
from orgs import audit


def open_part(act: Act) -> Case:
    """Create the part an act of "split" describes, verified already, inside its transaction."""
    whole = act.case
    grid = act.given("grid") or whole.grid
    category = act.given("category") or whole.category
    because: dict[str, int] = {}
    sla = whole.sla_class
    if act.given("category") or act.given("grid"):
        sla, because = limits_of(category, grid)
    part = Case(
        parent=whole, case_no=next_case_no(grid.code[:12], act.now),
        tracking_code=new_tracking_code(), district_id=grid.district_id, street_id=grid.street_id,
        community_id=grid.community_id, grid=grid,
        building=whole.building if grid.pk == whole.grid_id else None, address=whole.address,
        text=act.given("note"), category=category, sla_class=sla, source=whole.source,
        level=whole.level, status=Status.ACCEPTED, reporter_name=whole.reporter_name,
        reporter_phone=whole.reporter_phone, anonymous=whole.anonymous,
        confidential=whole.confidential or category.confidential, in_grid=whole.in_grid,
        created_at=act.now, accepted_at=act.now, status_since=act.now,
        step_due_at=due_after(act.now, sla.check_limit, act.calendar),
    )  # fmt: skip
    event = CaseEvent(
        case=part, move="split", to_status=Status.ACCEPTED, at=act.now, actor=act.user,
        role=act.side or "", org_label=act.label, data={"whole": whole.pk, **because},
    )  # fmt: skip
    part.trail_head = chained(event, case_no=part.case_no, previous="").digest
    part.save(force_insert=True)
    event.case = part
    event.save()
    audit.record(
        by=act.user, action="case.split", target=part, street=part.street_id,
        detail={"whole": whole.pk},
    )  # fmt: skip
    case_moved.send(sender=Case, case=part, move=act.move, event=event, by=act.user)
    return part
