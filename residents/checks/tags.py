"""Tags of key populations that the person's age contradicts."""

from typing import Any

from django.db.models import Q

from orgs.quality import Asked, Severity, check
from residents.checks.people import ADULT
from residents.checks.subjects import TAGGED
from residents.models import CareTag, Residency

OLD_AGE = 80


@check(
    "tag_age", title="年龄与重点人群类别不符", severity=Severity.INFO, of=TAGGED,
    mend="打开住户，核对出生日期；不再属于这一类的，把重点人群登记移出。",
)  # fmt: skip
def tags_of_another_age(asked: Asked) -> Any:
    """Children's kinds of grown-ups, 高龄 of people who are not yet 80 this year."""
    year = asked.day.year
    grown = Q(kind__concerns_minors=True, person__birth_year__lt=year - ADULT)
    young = Q(kind__code="advanced_age", person__birth_year__gt=year - OLD_AGE)
    tags = CareTag.objects.filter(end=None, kind__is_active=True).filter(grown | young)
    return Residency.objects.filter(end=None, person__in=tags.values("person"))
