"""Names of the assessments app that models and pages share. Pure."""

from django.db.models import TextChoices


class ReportCode(TextChoices):
    """The reports that templates can be uploaded for."""

    QUARTER = "quarter", "季度考核报告"
    GRID = "grid", "网格工作一表通"
    DASHBOARD = "dashboard", "看板"
    BULLETIN = "bulletin", "月度通报"


def report_choices() -> list[tuple[str, str]]:
    return list(ReportCode.choices)
