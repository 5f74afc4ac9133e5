"""Forms of the organisation's pages."""

from html import escape
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe

from orgs.models import OrgUnit, Unit
from orgs.roles import EDIT


class TreeSearchForm(forms.Form):
    q = forms.CharField(label="按名称查找", max_length=50, required=False)
    all = forms.BooleanField(label="含已撤销", required=False)


class OrgUnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Name and parent, so that two branches of one name can be told apart."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.parent.name}）" if obj.parent else str(obj.name)


class MergeForm(forms.Form):
    into = OrgUnitChoice(OrgUnit.objects.none(), label="承接组织")
    reason = forms.CharField(label="依据", max_length=200, required=False, help_text="例如批复文号")

    def __init__(self, *args: Any, node: OrgUnit, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = successors(node, user)  # type: ignore[attr-defined]


class SplitForm(forms.Form):
    name = forms.CharField(label="新组织名称", max_length=80)
    children = forms.ModelMultipleChoiceField(
        OrgUnit.objects.none(), label="划给新组织的下级", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    reason = forms.CharField(label="依据", max_length=200, required=False, help_text="例如批复文号")

    def __init__(self, *args: Any, node: OrgUnit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["children"].queryset = node.get_children().active()  # type: ignore[attr-defined]


class UnitEndForm(forms.Form):
    into = forms.ModelChoiceField(
        Unit.objects.none(), label="承接单位", required=False, empty_label="没有承接单位（撤销）",
        help_text="不选的话，正在办理的事项退回派单的街道、社区，经办人的角色收回",
    )  # fmt: skip
    reason = forms.CharField(label="依据", max_length=200, required=False, help_text="例如批复文号")

    def __init__(self, *args: Any, unit: Unit, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["into"]
        others = Unit.objects.visible_to(user, EDIT).filter(is_active=True).exclude(pk=unit.pk)
        field.queryset = others.order_by("name")


class PlainSelect(forms.Select):
    """A select drawn without templates: the filters of a long list have hundreds of options."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        several = value if isinstance(value, list | tuple) else [value]
        chosen = {"" if one is None else str(one) for one in several}
        flat = flatatt(self.build_attrs(self.attrs, attrs))
        # Each value below is escaped by `_option`; format_html would take ten times as long.
        body = "".join(_option(value, label, chosen) for value, label in self.choices)
        return mark_safe(f'<select name="{escape(name)}"{flat}>{body}</select>')  # noqa: S308


def _option(value: Any, label: Any, chosen: set[str]) -> str:
    """Draw one option, or a group of them, escaped."""
    if isinstance(label, list | tuple):
        inner = "".join(_option(one, text, chosen) for one, text in label)
        return f'\n<optgroup label="{escape(str(value))}">{inner}</optgroup>'
    key = str(value)
    mark = " selected" if key in chosen else ""
    return f'\n<option value="{escape(key)}"{mark}>{escape(str(label))}</option>'


class PhotosInput(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photos at once; cleans to a list of uploads, unread."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", PhotosInput(attrs={"accept": "image/*"}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        uploads = [upload for upload in data or [] if upload]
        if self.required and not uploads:
            raise forms.ValidationError("请拍照或选择照片。")
        return uploads


def successors(node: OrgUnit, user: Any) -> QuerySet[Any]:
    """Live organisations of the same tier and tree that the user may change; for a root, its district's."""
    same: QuerySet[Any] = (
        OrgUnit.objects.visible_to(user, EDIT).active().filter(tier=node.tier).exclude(pk=node.pk)
    )
    if node.parent_id is not None:
        return same.filter(tree_id=node.tree_id).select_related("parent")
    district = (node.division_code or "-")[:6]
    return same.filter(parent=None, division_code__startswith=district).select_related("parent")


def put_refusal(form: forms.Form, refusal: ValidationError) -> None:
    """Show a service's refusal at its field, or above the form."""
    if hasattr(refusal, "error_dict"):
        for name, errors in refusal.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, refusal)
