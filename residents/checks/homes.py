"""Households: in the right grid, with one head, not empty, not too full."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from grids.catalog import GridKind, GridStatus
from grids.querysets import count_of
from orgs.quality import Asked, Severity, check
from residents.checks.subjects import HOUSEHOLD
from residents.models import Household, Rental, Residency

MOST_IN_A_FLAT = 12


@check(
    "home_scope", title="住户的网格、社区与楼栋不符", severity=Severity.ERROR, of=HOUSEHOLD,
    mend="把楼栋重新划到它现在的网格，系统会重写住户的归属。",
)  # fmt: skip
def out_of_scope(asked: Asked) -> Any:
    agrees = Q(
        grid=F("building__grid"), community=F("building__community"),
        street=F("building__street"), district=F("building__district"),
    )  # fmt: skip
    return Household.objects.filter(~agrees)


@check(
    "home_entrance", title="住户的单元不在它的楼栋", severity=Severity.ERROR, of=HOUSEHOLD,
    mend="点“修改住户”，重新填写单元。",
)  # fmt: skip
def entrance_elsewhere(asked: Asked) -> Any:
    return Household.objects.exclude(entrance=None).exclude(entrance__building=F("building"))


@check(
    "home_reserved", title="预留网格里有人居住", severity=Severity.ERROR, of=HOUSEHOLD,
    mend="已有人入住的，先启用这个网格；登错的，把楼栋划到正确的网格。",
)  # fmt: skip
def people_in_reserved_grids(asked: Asked) -> Any:
    reserved = Q(grid__kind=GridKind.RESERVED) | Q(grid__status=GridStatus.RESERVED)
    return Household.objects.open().lived_in(asked.day).filter(reserved)


@check(
    "home_two_heads", title="一户有两个户主", severity=Severity.ERROR, of=HOUSEHOLD,
    mend="打开住户，在真正的户主那里点“设为户主”，其余的自动取消。",
)  # fmt: skip
def two_heads(asked: Asked) -> Any:
    heads = Residency.objects.filter(end=None).heads()
    return Household.objects.open().annotate(heads=count_of(heads, "household")).filter(heads__gt=1)


@check(
    "home_no_head", title="普通户没有户主", severity=Severity.WARN, of=HOUSEHOLD,
    mend="打开住户，在其中一位成年人那里点“设为户主”；集体宿舍请把户类型改为集体户。",
)  # fmt: skip
def headless(asked: Asked) -> Any:
    heads = Residency.objects.current(asked.day).heads().filter(household=OuterRef("pk"))
    return Household.objects.ordinary().lived_in(asked.day).filter(~Exists(heads))


@check(
    "home_crowded", title=f"一户超过 {MOST_IN_A_FLAT} 人", severity=Severity.WARN, of=HOUSEHOLD,
    mend="入户核实是否群租；集体宿舍请把户类型改为集体户，登错的人办理迁出。",
)  # fmt: skip
def crowded(asked: Asked) -> Any:
    living = count_of(Residency.objects.current(asked.day), "household")
    return Household.objects.ordinary().annotate(living=living).filter(living__gt=MOST_IN_A_FLAT)


@check(
    "home_vacant", title="登记为空置却有人居住", severity=Severity.WARN, of=HOUSEHOLD,
    mend="入户核实：有人住的改为自住或出租，没人住的为登记的人办理迁出。",
)  # fmt: skip
def vacant_with_people(asked: Asked) -> Any:
    vacant = Household.objects.open().filter(occupancy=Household.Occupancy.VACANT)
    return vacant.lived_in(asked.day)


@check(
    "home_empty", title="没有登记居民，也没有标为空置", severity=Severity.INFO, of=HOUSEHOLD,
    mend="有人住的登记居民，没人住的在“修改住户”里改为空置。",
)  # fmt: skip
def nobody_registered(asked: Asked) -> Any:
    homes = Household.objects.ordinary().exclude(occupancy=Household.Occupancy.VACANT)
    living = Residency.objects.current(asked.day).filter(household=OuterRef("pk"))
    return homes.filter(~Exists(living))


@check(
    "home_same_door", title="同一房号登记了两户以上", severity=Severity.INFO, of=HOUSEHOLD,
    mend="合租的不用改；重复登记的请办理并户。",
)  # fmt: skip
def same_door(asked: Asked) -> Any:
    others = Household.objects.open().filter(
        building=OuterRef("building"), room=OuterRef("room"), sort_key=OuterRef("sort_key")
    )
    open_homes = Household.objects.open().exclude(room="")
    return open_homes.filter(Exists(others.exclude(pk=OuterRef("pk"))))


@check(
    "rental_over", title="租期已到，没有登记退租或续租", severity=Severity.WARN, of=HOUSEHOLD,
    mend="问清租户是否还住：续租的先登记退租再登记出租，搬走的登记退租并办理迁出。",
)  # fmt: skip
def expired_rentals(asked: Asked) -> Any:
    over = Rental.objects.running().filter(household=OuterRef("pk"), until__lt=asked.day)
    return Household.objects.open().filter(Exists(over))
