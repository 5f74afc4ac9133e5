"""A small family in the town's first household, for the tests of care and visits."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from orgs.models import User
from residents.models import CareKind, CareTag, Household, Residency, Visit
from residents.services import add_care_tag, add_resident, record_visit
from residents.services.residency import Identity
from residents.services.visits import Found
from tests.town import Town


@dataclass
class Family:
    home: Household
    wang: Residency
    wife: Residency


def settle(
    home: Household, name: str, *, age: int | None = None, relation: str = "户主"
) -> Residency:
    """Register somebody of about this age (birthday long past in the year)."""
    today = timezone.localdate()
    birth = date(today.year - age, 1, 1) if age is not None else None
    return add_resident(
        household=home, name=name, relation=relation, by=None, start=date(2024, 1, 1),
        identity=Identity("", "", birth, "1"), phone="16900001234",
    )  # fmt: skip


def family(town: Town) -> Family:
    home = town.households[0]
    return Family(
        home, settle(home, "王老根", age=83), settle(home, "李秀兰", age=79, relation="配偶")
    )


def tag(
    who: Residency, code: str = "advanced_age", level: str = "blue", *, ago: int = 0
) -> CareTag:
    """Register `who` in the library so many days ago, by nobody."""
    return add_care_tag(
        residency=who, kind=CareKind.objects.get(code=code), level=level, by=None,
        start=timezone.localdate() - timedelta(days=ago),
    )  # fmt: skip


def visit(
    home: Household, by: User, outcome: str = "nobody", *, ago: int = 0, **found: object
) -> Visit:
    """Record a visit; whoever was reached is 保姆 unless said otherwise."""
    if outcome in ("home", "phone"):
        found.setdefault("met_other", "保姆")
    return record_visit(
        household=home, by=by, day=timezone.localdate() - timedelta(days=ago), outcome=outcome,
        found=Found(**found),  # type: ignore[arg-type]
    )  # fmt: skip
