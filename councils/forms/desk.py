"""Forms of the councils. Choices are limited to what the user reaches."""

from typing import Any

from django import forms
from django.utils import timezone

from cases.forms.choices import category_choices
from councils.catalog import (
    CouncilLevel,
    Effect,
    MeetingKind,
    Party,
    PhotoKind,
    RejectReason,
    SeatKind,
    TopicSource,
    Way,
)
from councils.meetingflow import MeetingStatus
from councils.models import Council, Meeting, Topic
from councils.workflow import Move, Stage, Status
from grids.forms import BLANK, CHOOSE, DayInput, offer
from grids.models import Building, Grid
from orgs.forms import PhotosField
from orgs.models import OrgUnit, Unit

GIVEN = [choice for choice in Way.choices if choice[0] not in (Way.MEETING, Way.ONLINE)]


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class TopicFilterForm(forms.Form):
    """What the list of topics is narrowed to; every value stands in the address."""

    SHOW = [
        ("", "进行中"), ("late", "任务超期"), ("out", "公示期满待实施"), ("look", "该回看"),
        ("solved", "已办结"), ("all", "全部"),
    ]  # fmt: skip
    q = forms.CharField(label="搜索", max_length=60, required=False)
    show = forms.ChoiceField(label="范围", required=False, choices=SHOW)
    stage = forms.ChoiceField(label="阶段", required=False, choices=BLANK + Stage.choices)
    status = forms.ChoiceField(label="状态", required=False, choices=BLANK + Status.choices)
    hot = forms.ChoiceField(label="热难点", required=False, choices=[*BLANK, ("1", "只看热难点")])
    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="社区", required=False, empty_label="不限"
    )
    grid = forms.ModelChoiceField(
        Grid.objects.none(), label="网格", required=False, empty_label="不限"
    )

    def __init__(self, data: Any, *, grids: Any) -> None:
        super().__init__(data)
        communities = OrgUnit.objects.filter(pk__in=grids.values("community"))
        offer(
            self, community=communities.order_by("division_code"),
            grid=grids.select_related("community").order_by("code"),
        )  # fmt: skip


class TopicForm(forms.Form):
    """A topic: where, what, whom it concerns."""

    council = forms.ModelChoiceField(Council.objects.none(), label="议事机构", empty_label=CHOOSE)
    grid = forms.ModelChoiceField(
        Grid.objects.none(), label="所在网格", required=False, empty_label="全社区",
        help_text="社区联席会议的议题可写明网格；网格议事会的不用填",
    )  # fmt: skip
    title = forms.CharField(label="议题", max_length=60, help_text="例如：阳光花园消防通道被占")
    text = forms.CharField(
        label="情况和诉求", max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="会公开。请不要写姓名、电话和门牌号",
    )  # fmt: skip
    source = forms.ChoiceField(label="来源", choices=TopicSource.choices)
    households = forms.IntegerField(
        label="涉及户数", min_value=0, max_value=1_000_000, initial=0,
        help_text="决议公示时按这个数计算异议比例",
    )  # fmt: skip
    buildings = forms.ModelMultipleChoiceField(
        Building.objects.none(), label="直接相关的楼栋", required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}), help_text="可多选",
    )  # fmt: skip
    stakeholders = forms.CharField(
        label="直接相关的人和单位", max_length=200, required=False,
        help_text="协商时必须请到，例如：底商经营户、物业公司",
    )  # fmt: skip
    hot = forms.BooleanField(label="热难点问题", required=False)
    collect_until = forms.DateField(
        label="征集意见到哪一天", required=False, widget=DayInput(), help_text="不填为长期征集"
    )
    photos = PhotosField(label="现场照片（办理前）", required=False)

    def __init__(
        self, *args: Any, councils: Any, topic: Topic | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["council"].queryset = councils
        grids = Grid.objects.filter(community__in=councils.values("community")).live()
        fields["grid"].queryset = grids.select_related("community").order_by("code")
        area = councils.values("community")
        if topic is not None:
            for name in ("council", "grid", "source", "photos"):
                del fields[name]
            area = [topic.community_id]
        buildings = Building.objects.filter(community__in=area).select_related("compound")
        fields["buildings"].queryset = buildings.order_by("compound__name", "sort_key")


class MoveForm(forms.Form):
    """The facts one move of the table asks for, and no others."""

    reason = forms.ChoiceField(label="原因", choices=[("", CHOOSE), *RejectReason.choices])
    category = forms.ChoiceField(label="事项类别")
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label="会议", empty_label=CHOOSE,
        help_text="会议要提前 3 天通知；没有合适的，请先发会议通知",
    )  # fmt: skip
    resolution = forms.CharField(
        label="决议", max_length=2000, widget=forms.Textarea(attrs={"rows": 6})
    )
    announce_until = forms.DateField(label="公示到哪一天", widget=DayInput())
    supervisors = forms.CharField(
        label="居民监督员", max_length=200, help_text="不会公开，例如：3栋张三、5栋李四"
    )
    effect = forms.ChoiceField(label="效果", choices=[("", CHOOSE), *Effect.choices])
    result = forms.CharField(
        label="办理结果", max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
    note = forms.CharField(
        label="说明", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    photos = PhotosField(label="办理后的照片", required=False)

    def __init__(self, *args: Any, move: Move, topic: Topic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        wanted = {*move.needs, "photos"} if move.name == "close" else set(move.needs)
        for name in set(fields) - wanted:
            del fields[name]
        if "note" in fields:
            fields["note"].required = move.why
        if "meeting" in fields:
            councils = Council.objects.filter(pk=topic.council_id)
            if move.name == "take_up":
                councils = Council.objects.standing().filter(
                    community=topic.community_id, grid=None
                )
            rows = Meeting.objects.filter(council__in=councils, status=MeetingStatus.CALLED)
            fields["meeting"].queryset = rows.order_by("starts_at")
        if "category" in fields:
            fields["category"].choices = category_choices(CHOOSE)


class CouncilForm(forms.Form):
    community = forms.ModelChoiceField(OrgUnit.objects.none(), label="社区", empty_label=CHOOSE)
    grid = forms.ModelChoiceField(
        Grid.objects.none(), label="网格", required=False, empty_label="不选（社区党建联席会议）"
    )
    name = forms.CharField(label="名称", max_length=60)
    founded_on = forms.DateField(label="成立日期", initial=timezone.localdate, widget=DayInput())
    every_months = forms.IntegerField(
        label="几个月开一次", min_value=1, max_value=12, initial=1,
        help_text="到期没有开会会提醒",
    )  # fmt: skip
    term_end = forms.DateField(label="任期至", required=False, widget=DayInput())
    rules = forms.CharField(
        label="议事规则", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(
        self, *args: Any, grids: Any, council: Council | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        if council is not None:
            for name in ("community", "grid", "founded_on"):
                del fields[name]
            return
        communities = OrgUnit.objects.filter(pk__in=grids.values("community"))
        fields["community"].queryset = communities.order_by("division_code")
        fields["grid"].queryset = grids.select_related("community").order_by("code")


class SeatForm(forms.Form):
    kind = forms.ChoiceField(label="席位", choices=[("", CHOOSE), *SeatKind.choices])
    name = forms.CharField(label="姓名", max_length=40)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="单位", required=False, empty_label="个人",
        help_text="单位代表请选单位，参会单位数按这里统计",
    )  # fmt: skip
    duty = forms.CharField(label="职务", max_length=40, required=False)
    start = forms.DateField(label="开始日期", initial=timezone.localdate, widget=DayInput())

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class DayForm(forms.Form):
    on = forms.DateField(label="日期", initial=timezone.localdate, widget=DayInput())


class MeetingFilterForm(forms.Form):
    SHOW = [("", "全部"), ("ahead", "待召开"), ("late", "应开未开"), ("held", "已召开")]
    show = forms.ChoiceField(label="状态", required=False, choices=SHOW)
    kind = forms.ChoiceField(label="形式", required=False, choices=BLANK + MeetingKind.choices)
    level = forms.ChoiceField(label="层级", required=False, choices=BLANK + CouncilLevel.choices)
    year = forms.IntegerField(
        label="年份", required=False, min_value=2000, max_value=2999,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "year"}),
    )  # fmt: skip


class CallForm(forms.Form):
    title = forms.CharField(label="会议名称", max_length=60)
    kind = forms.ChoiceField(label="形式", choices=MeetingKind.choices, initial="deliberate")
    starts_at = forms.DateTimeField(label="时间", widget=MomentInput())
    place = forms.CharField(label="地点", max_length=60)


class NoteForm(forms.Form):
    note = forms.CharField(label="原因", max_length=200)


class OpinionForm(forms.Form):
    party = forms.ChoiceField(
        label="代表哪一方", required=False, choices=[("", "个人"), *Party.choices]
    )
    way = forms.ChoiceField(label="怎么提出的", choices=GIVEN)
    text = forms.CharField(
        label="意见", max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="不写姓名和电话",
    )  # fmt: skip


class ObjectionForm(forms.Form):
    building = forms.ModelChoiceField(Building.objects.none(), label="楼栋", empty_label=CHOOSE)
    room = forms.CharField(label="房号", max_length=40, help_text="例如：501，或 2单元501")
    way = forms.ChoiceField(label="怎么提出的", choices=GIVEN)
    text = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, topic: Topic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Building.objects.filter(community=topic.community_id).select_related("compound")
        if topic.grid_id:
            rows = rows.filter(grid=topic.grid_id)
        self.fields["building"].queryset = rows.order_by(  # type: ignore[attr-defined]
            "compound__name", "sort_key"
        )


class TaskForm(forms.Form):
    what = forms.CharField(label="任务", max_length=200)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="责任单位", required=False, empty_label="没有单位"
    )
    who = forms.CharField(label="责任人", max_length=40, required=False)
    due = forms.DateField(label="完成时限", widget=DayInput())

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class TaskDoneForm(forms.Form):
    on = forms.DateField(label="完成日期", initial=timezone.localdate, widget=DayInput())
    result = forms.CharField(
        label="完成情况", max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class TaskCaseForm(forms.Form):
    category = forms.ChoiceField(label="事项类别")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = category_choices(CHOOSE)  # type: ignore[attr-defined]


class PhotosForm(forms.Form):
    kind = forms.ChoiceField(label="环节", choices=PhotoKind.choices)
    photos = PhotosField(label="照片")


class LookForm(forms.Form):
    lasted = forms.TypedChoiceField(
        label="现在怎么样", coerce=lambda value: value == "1", widget=forms.RadioSelect,
        choices=[("1", "没有反弹"), ("0", "又出现了，重新办理")],
    )  # fmt: skip
    note = forms.CharField(
        label="回看情况", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
