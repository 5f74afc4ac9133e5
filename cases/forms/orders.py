"""Forms of the pages of external orders: narrowing the list, placing one, the two mappings."""

import csv
import io
import json
from typing import Any

from django import forms

from cases.forms.choices import category_choices
from cases.forms.fields import ServiceForm
from cases.forms.report import grouped
from cases.models import Category, CategoryCode, ExternalOrder, ExternalSystem
from cases.order_table import KNOWN
from grids.catalog import GridStatus
from grids.models import Grid

MOST_JSON = 5 * 1024 * 1024


class OrderSearchForm(forms.Form):
    tab = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)
    q = forms.CharField(label="查找", required=False, max_length=64)
    system = forms.ModelChoiceField(
        ExternalSystem.objects.all(), label="来自", required=False, empty_label="全部系统",
        to_field_name="code",
    )  # fmt: skip
    word = forms.ModelChoiceField(
        CategoryCode.objects.none(), label="分类", required=False, empty_label="全部分类"
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["word"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = CategoryCode.objects.visible_to(user)


class PlaceForm(ServiceForm):
    """In which grid a waiting order lies, and what it is about."""

    grid = forms.ModelChoiceField(Grid.objects.none(), label="网格", empty_label="请选择网格")
    category = forms.ChoiceField(label="类别", required=False)

    def __init__(self, *args: Any, order: ExternalOrder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["grid"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Grid.objects.filter(street=order.street_id).exclude(
            status=GridStatus.CLOSED
        )
        rows = field.queryset.select_related("community__region").order_by(
            "community__name", "code"
        )
        field.choices = grouped(
            rows, lambda grid: grid.community.region or grid.community, "请选择网格"
        )
        category = self.fields["category"]
        assert isinstance(category, forms.ChoiceField)
        category.choices = category_choices("按分类对照")


class MapForm(ServiceForm):
    """Our category for one word of theirs."""

    category = forms.ChoiceField(label="本平台的类别", required=False)

    def __init__(self, *args: Any, choices: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category = self.fields["category"]
        assert isinstance(category, forms.ChoiceField)
        category.choices = choices or category_choices("未对照")
        category.widget.attrs["class"] = "form-select"

    def chosen(self) -> Category | None:
        return Category.objects.filter(pk=self.cleaned_data["category"] or 0).first()


class HeaderForm(ServiceForm):
    """What a header of theirs means."""

    system = forms.ModelChoiceField(
        ExternalSystem.objects.filter(is_active=True), label="外部系统", empty_label=None
    )
    header = forms.CharField(label="对方表里的列名", max_length=30)
    column = forms.ChoiceField(label="就是", choices=KNOWN)


class JsonForm(forms.Form):
    """A file of orders as JSON: a list, or {"orders": [...]}."""

    system = forms.ModelChoiceField(
        ExternalSystem.objects.filter(is_active=True), label="外部系统", empty_label=None,
        to_field_name="code",
    )  # fmt: skip
    file = forms.FileField(
        label="JSON 文件", help_text="工单的列表；每项的字段名和表格的列名一样，或用英文字段名。不超过 5 MB。",
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
    )  # fmt: skip

    def clean_file(self) -> Any:
        """Put the orders beside as a table, which is read like any sheet."""
        upload = self.cleaned_data["file"]
        if upload.size > MOST_JSON:
            raise forms.ValidationError("文件超过 5 MB，请分开导入。")
        try:
            read = json.loads(upload.read().decode("utf-8-sig"))
        except (ValueError, RecursionError):
            raise forms.ValidationError("这不是能识别的 JSON 文件（UTF-8）。") from None
        orders = read.get("orders") if isinstance(read, dict) else read
        if not isinstance(orders, list) or not all(isinstance(one, dict) for one in orders):
            raise forms.ValidationError('JSON 里要有工单的列表，例如 [{"工单编号": …}]。')
        if not orders:
            raise forms.ValidationError("文件里没有工单。")
        self.cleaned_data |= {"table": as_table(orders), "name": upload.name or "工单.json"}
        return upload


def as_table(orders: list[dict[str, Any]]) -> bytes:
    """Return the orders as CSV, a column for every name that occurs."""
    names = list(dict.fromkeys(str(name) for order in orders for name in order))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    writer.writerows([_cell(order.get(name)) for name in names] for order in orders)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)
