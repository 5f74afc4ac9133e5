"""Forms around red corridor heads."""

from typing import Any

from django import forms
from django.utils import timezone

from gridparty.lib.images import BadImage, CleanImage, sanitise
from grids.forms import BLANK, CHOOSE, DayInput, offer
from grids.models import Grid
from orgs.models import OrgUnit
from residents.headship import (
    GAPS,
    LOADS,
    SHOWN,
    YEARS,
    Background,
    EndReason,
    Grade,
    HeadMove,
)
from residents.models import HeadContact, Household


class HeadFilterForm(forms.Form):
    """What the list of heads is narrowed to; nothing personal, so it may be an address."""

    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="社区", required=False, empty_label="不限"
    )
    grid = forms.ModelChoiceField(
        Grid.objects.none(), label="网格", required=False, empty_label="不限"
    )
    show = forms.ChoiceField(label="状态", required=False, choices=list(SHOWN.items()))
    load = forms.ChoiceField(label="联系户数", required=False, choices=BLANK + list(LOADS.items()))

    def __init__(self, data: Any, *, grids: Any) -> None:
        super().__init__(data)
        communities = OrgUnit.objects.filter(pk__in=grids.values("community"))
        offer(
            self, community=communities.order_by("division_code"),
            grid=grids.select_related("community").order_by("code"),
        )  # fmt: skip


class GapFilterForm(HeadFilterForm):
    """Households without a head of their own."""

    show = None  # type: ignore[assignment]
    load = None  # type: ignore[assignment]
    gap = forms.ChoiceField(label="缺项", required=False, choices=list(GAPS.items()))


class NominateForm(forms.Form):
    """Somebody who lives in the grid, by name; the door tells namesakes apart."""

    grid = forms.ModelChoiceField(Grid.objects.none(), label="网格", empty_label=CHOOSE)
    name = forms.CharField(
        label="姓名", max_length=60, help_text="须是登记住在本网格的居民，不要求是党员"
    )
    room = forms.CharField(
        label="房号", max_length=40, required=False, help_text="同名人员用房号区分，例如：501"
    )
    background = forms.ChoiceField(label="身份", choices=Background.choices)
    lane = forms.CharField(
        label="负责街巷", max_length=60, required=False, help_text="没有楼栋的街巷才填"
    )
    on = forms.DateField(label="提名日期", initial=timezone.localdate, widget=DayInput())
    note = forms.CharField(label="推荐理由", max_length=200, required=False)

    def __init__(self, *args: Any, grids: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grid"].queryset = grids.order_by("code")  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """The facts one step of the table asks for, and no others."""

    on = forms.DateField(label="日期", initial=timezone.localdate, widget=DayInput())
    shows_phone = forms.BooleanField(
        label="本人同意在楼道公示牌上公开手机号", required=False,
        help_text="不同意的，公示牌上只写姓名，手机号留空",
    )  # fmt: skip
    years = forms.TypedChoiceField(
        label="任期", coerce=int, choices=[(n, f"{n} 年") for n in YEARS], initial=2
    )
    grade = forms.ChoiceField(label="评议等次", choices=Grade.choices)
    reason = forms.ChoiceField(label="离任原因", choices=EndReason.choices)
    note = forms.CharField(label="说明或依据", max_length=200, required=False)

    def __init__(self, *args: Any, step: HeadMove) -> None:
        super().__init__(*args)
        for name in set(self.fields) - set(step.asks):
            del self.fields[name]


class BoardForm(forms.Form):
    """What of a head hangs at the entrance, as he has agreed to."""

    shows_phone = forms.BooleanField(label="本人同意在楼道公示牌上公开手机号", required=False)
    shows_photo = forms.BooleanField(
        label="本人同意在楼道公示牌上公开照片", required=False, help_text="取消同意，照片随即删除"
    )
    photo = forms.FileField(
        label="照片", required=False, help_text="正面免冠照，JPG 或 PNG；不换照片的不用选",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"empty": "照片是空文件，请重新选择。"},
    )  # fmt: skip

    def clean_photo(self) -> CleanImage | None:
        upload = self.cleaned_data["photo"]
        try:
            return sanitise(upload) if upload else None
        except BadImage as error:
            raise forms.ValidationError(str(error)) from None


class AreaForm(forms.Form):
    """The ground to assign: one grid, or a whole community."""

    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="社区", required=False, empty_label="不选"
    )
    grid = forms.ModelChoiceField(
        Grid.objects.none(), label="网格", required=False, empty_label="全社区"
    )

    def __init__(self, data: Any, *, grids: Any) -> None:
        super().__init__(data)
        communities = OrgUnit.objects.filter(pk__in=grids.values("community"))
        offer(self, community=communities.order_by("division_code"), grid=grids.order_by("code"))


class RestoreForm(forms.Form):
    to = forms.DateField(
        label="恢复到哪一天", widget=DayInput(), help_text="按那一天的联系关系恢复；已离任的不恢复"
    )


class ContactForm(forms.Form):
    how = forms.ChoiceField(label="方式", choices=HeadContact.How.choices)
    on = forms.DateField(label="日期", initial=timezone.localdate, widget=DayInput())
    note = forms.CharField(
        label="情况", max_length=200, required=False, help_text="例如：老人身体好；下水道有点堵"
    )


class DeedForm(forms.Form):
    """办实事; the households are the head's own."""

    what = forms.CharField(
        label="办了什么事", max_length=200, help_text="例如：帮王奶奶换灯泡。不写身份证号和病情"
    )
    on = forms.DateField(label="日期", initial=timezone.localdate, widget=DayInput())
    households = forms.ModelMultipleChoiceField(
        Household.objects.none(), label="受益户", required=False,
        widget=forms.CheckboxSelectMultiple, help_text="不选表示全体联系户",
    )  # fmt: skip

    def __init__(self, *args: Any, homes: Any) -> None:
        super().__init__(*args)
        self.fields["households"].queryset = homes  # type: ignore[attr-defined]
