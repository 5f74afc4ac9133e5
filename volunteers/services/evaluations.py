"""评价 by those served and by the organiser; a problem becomes a case in one tap."""

from django.core.exceptions import ValidationError
from django.db import transaction

from cases.models import Case, Category
from cases.services import MoveRefused, report_case
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import User
from residents.needflow import NeedStatus
from residents.services.needs import advance_need
from volunteers.catalog import Side
from volunteers.models import Activity, Evaluation
from volunteers.services.lives import require_side
from volunteers.workflow import ActivityStatus, Who

describe_actions(evaluation__add="评价活动", evaluation__case="评价问题转事项")


@transaction.atomic
def evaluate(
    *, activity: Activity, side: str, rating: int, by: User | None, text: str = "",
    problem: str = "",
) -> Evaluation:  # fmt: skip
    """Write down what one side says of an activity that has been held."""
    if by is not None:
        require_side(activity, by, Who.STAFF, Who.LEAD)
    if activity.status not in (ActivityStatus.SUBMITTED, ActivityStatus.CONFIRMED):
        raise ValidationError("活动结束、提交时长以后再评价。")
    if side not in Side.values or not 1 <= rating <= 5:
        raise ValidationError({"rating": "请选择评价方和 1 到 5 分。"})
    found = Evaluation.objects.create(
        activity=activity, side=side, rating=rating, by=by,
        text=one_line(text, label="评价", longest=300, required=False),
        problem=one_line(problem, label="发现的问题", longest=300, required=False),
    )  # fmt: skip
    need = activity.need
    if side == Side.BENEFICIARY and need is not None and need.status == NeedStatus.MET:
        advance_need(need=need, move="evaluate", by=by)
    record(by=by, action="evaluation.add", target=activity, street=activity.street_id)
    return found


@transaction.atomic
def report_problem(*, evaluation: Evaluation, by: User) -> Case:
    """Make a case of the problem somebody found; the same problem twice is the same case."""
    evaluation = (
        Evaluation.objects.select_for_update(of=("self",))
        .select_related("activity", "case").get(pk=evaluation.pk)
    )  # fmt: skip
    activity = evaluation.activity
    require_side(activity, by, Who.STAFF, Who.LEAD)
    if evaluation.case is not None:
        return evaluation.case
    if not evaluation.problem:
        raise ValidationError("这条评价没有写发现的问题。")
    if activity.grid is None:
        raise ValidationError("活动没有选网格，请先修改活动，再转成事项。")
    try:
        case = report_case(
            by=by, text=evaluation.problem, category=Category.objects.get(slug="suggestion"),
            grid=activity.grid, building=activity.building, address=activity.place,
            client_key=f"evaluation-{evaluation.pk}",
        )  # fmt: skip
    except MoveRefused as refusal:
        raise ValidationError(str(refusal.message)) from None
    evaluation.case = case
    evaluation.save(update_fields=["case"])
    record(by=by, action="evaluation.case", target=activity, detail={"case": case.pk})
    return case
