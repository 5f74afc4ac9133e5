"""Forms of the reports: what a report is about, and a template to upload."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count

from assessments.catalog import ReportCode
from assessments.models import QuarterAssessment
from gridparty.lib.periods import Quarter
from orgs.levels import Tier
from orgs.models import OrgUnit


class QuarterReportForm(forms.Form):
    """`rows` are the assessments the user sees; offered are the nodes he sees whole."""

    node = forms.ModelChoiceField(OrgUnit.objects.none(), label="街道或社区", empty_label=None)
    quarter = forms.ChoiceField(label="季度")

    def __init__(self, data: Any, *, rows: Any) -> None:
        super().__init__(data)
        if data is None:
            ids = {*_whole(rows, "street"), *_whole(rows, "community")}
        else:  # who asks for one he sees in part is told so
            pairs = rows.order_by().values_list("street", "community").distinct()
            ids = {pk for pair in pairs for pk in pair}
        nodes = OrgUnit.objects.filter(pk__in=ids)
        node: Any = self.fields["node"]
        node.queryset = nodes.filter(tier__in=(Tier.STREET, Tier.COMMUNITY)).order_by(
            "tree_id", "lft"
        )
        known = sorted(rows.order_by().values_list("quarter", flat=True).distinct(), reverse=True)
        field: Any = self.fields["quarter"]
        field.choices = [(text, Quarter.parse(text).label) for text in known]


def _whole(rows: Any, column: str) -> list[int]:
    """Return the nodes all of whose assessments are among `rows`."""
    seen = dict(rows.order_by().values_list(column).annotate(Count("pk")))
    every = QuarterAssessment.objects.filter(**{f"{column}__in": list(seen)}).order_by()
    return [pk for pk, n in every.values_list(column).annotate(Count("pk")) if n == seen[pk]]


class TemplateForm(forms.Form):
    report = forms.ChoiceField(label="报表", choices=ReportCode.choices)
    street = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="用于", required=False, empty_label="全部街道"
    )
    note = forms.CharField(
        label="说明", max_length=100, required=False, help_text="例如：2026 年版，按区委组织部格式"
    )
    file = forms.FileField(
        label="模板文件",
        help_text="Word（.docx）或 Excel（.xlsx），最大 5 MB。在要填的地方写 {{字段名}}，上传时会检查",
    )

    def __init__(self, *args: Any, streets: Any, everywhere: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["street"]
        field.queryset = streets
        if not everywhere:
            field.required, field.empty_label = True, None

    def clean_note(self) -> str:
        note: str = self.cleaned_data["note"]
        if any(ord(char) < 32 for char in note):
            raise ValidationError("说明里不能换行。")
        return note
