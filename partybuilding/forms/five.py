"""Forms of the monthly 五个一."""

from typing import Any

from django import forms
from django.utils import timezone

from cases.models import Case
from councils.models import Topic
from gridparty.lib.periods import Month
from grids.forms import BLANK, CHOOSE, DayInput, offer
from orgs.forms import PhotosField
from orgs.models import OrgUnit
from partybuilding.catalog import Channel, FiveKind
from partybuilding.models import BranchMeeting, MonthlyBoard
from partybuilding.services import Evidence, MeetingFacts
from residents.models import Need
from residents.needflow import NeedStatus
from volunteers.forms.fields import MomentField

MOST_OFFERED = 60
MONTHS_BACK = 24


def month_choices(today: Any) -> list[tuple[str, str]]:
    """The current month and those before it."""
    found, month = [], Month.of(today)
    for _ in range(MONTHS_BACK):
        found.append((str(month), month.label))
        month = month.previous()
    return found


class WallFilterForm(forms.Form):
    """What the wall is narrowed to; every value stands in the address."""

    SHOW = [
        ("", "全部支部"), ("done", "全部完成"), ("open", "没有完成"), ("waiting", "等社区确认"),
        ("returned", "被退回"), ("late", "逾期"),
    ]  # fmt: skip
    q = forms.CharField(label="支部名称", max_length=60, required=False)
    month = forms.ChoiceField(label="月份", required=False)
    show = forms.ChoiceField(label="完成情况", required=False, choices=SHOW)
    kind = forms.ChoiceField(label="缺哪一项", required=False, choices=BLANK + FiveKind.choices)
    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="社区", required=False, empty_label="不限"
    )

    def __init__(self, data: Any, *, boards: Any) -> None:
        super().__init__(data)
        months: Any = self.fields["month"]
        months.choices = month_choices(timezone.localdate())
        communities = OrgUnit.objects.filter(pk__in=boards.values("community"))
        offer(self, community=communities.order_by("division_code"))


class CaseChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Number, category and grid; never what the resident wrote."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.case_no} {obj.category}（{obj.grid}）"


class NeedChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_kind_display()}：{obj.public_text}"


class MeetingChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{timezone.localtime(obj.held_at):%m月%d日} {obj.topic}"


def _many(field: Any, rows: Any, label: str, help_text: str) -> Any:
    return field(
        rows, label=label, required=False, help_text=help_text,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "pick-list"}),
    )  # fmt: skip


class RecordForm(forms.Form):
    """One form for one item, or for all that a meeting has done. Only what is asked is shown."""

    kinds = forms.MultipleChoiceField(
        label="这次完成了哪几项", widget=forms.CheckboxSelectMultiple,
        help_text="一次会议可以完成几项，例如主题党日；没有完成的不要勾",
    )  # fmt: skip
    meeting = MeetingChoice(
        BranchMeeting.objects.none(), label="已登记的会议", required=False,
        empty_label="没有，填下面的新会议", help_text="同一次会议不用再填一遍",
    )  # fmt: skip
    held_at = MomentField(label="开会时间", required=False)
    place = forms.CharField(label="地点", max_length=60, required=False)
    topic = forms.CharField(label="主题", max_length=60, required=False)
    host = forms.CharField(label="主持人", max_length=40, required=False)
    expected = forms.IntegerField(label="应到人数", min_value=0, max_value=2000, required=False)
    came = forms.IntegerField(
        label="实到人数", min_value=0, max_value=2000, required=False, help_text="学习须到半数以上"
    )
    absent = forms.CharField(
        label="缺席及原因", max_length=200, required=False, help_text="例如：外出 2 人，生病 1 人"
    )
    hours = forms.DecimalField(
        label="学时", max_digits=3, decimal_places=1, min_value=0, required=False, initial=1
    )
    minutes = forms.CharField(
        label="会议记录", max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    photos = PhotosField(label="签到表和现场照片", required=False)
    told = forms.CharField(
        label="通报了哪些情况", max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}), help_text="一行一件",
    )  # fmt: skip
    channel = forms.ChoiceField(
        label="通报渠道", required=False, choices=[("", CHOOSE), *Channel.choices]
    )
    reporter = forms.CharField(label="汇报人", max_length=60, required=False)
    work = forms.CharField(
        label="汇报的工作", max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}), help_text="至少 50 个字",
    )  # fmt: skip
    comment = forms.CharField(label="书记点评", max_length=200, required=False)
    claimer = forms.CharField(label="认领人", max_length=60, required=False)
    until = forms.DateField(label="完成时限", required=False, widget=DayInput())
    conclusion = forms.CharField(
        label="协商结果", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    ASKED: dict[str, tuple[str, ...]] = {
        FiveKind.TELL: ("told", "channel"),
        FiveKind.REPORT: ("reporter", "work", "comment"),
        FiveKind.CLAIM: ("cases", "needs", "claimer", "until"),
        FiveKind.CONSULT: ("topics", "problems", "conclusion"),
    }
    MEETING = ("held_at", "place", "topic", "host", "expected", "came", "absent", "hours", "minutes",
               "photos")  # fmt: skip

    def __init__(
        self, *args: Any, board: MonthlyBoard, kinds: list[str], user: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["cases"] = _many(
            CaseChoice, cases_for(board, user), "认领的事项", "本支部网格里还没办结的事项"
        )
        fields["needs"] = _many(
            NeedChoice, needs_for(board, user), "认领的需求", "本支部网格里已发布的需求"
        )
        fields["topics"] = _many(
            forms.ModelMultipleChoiceField, topics_for(board, user), "协商的议题",
            "“议事”里的议题；还没有的先去提出",
        )  # fmt: skip
        fields["problems"] = _many(
            CaseChoice, cases_for(board, user), "协商的难题事项", "久拖未决、要一起商量的事项"
        )
        fields["kinds"].choices = [one for one in FiveKind.choices if one[0] in kinds]
        known = board.meetings.order_by("-held_at")
        fields["meeting"].queryset = known
        wanted = ["kinds", "meeting", *self.MEETING]
        wanted += [name for kind in kinds for name in self.ASKED.get(kind, ())]
        if len(kinds) == 1:
            self.initial["kinds"] = kinds
            fields["kinds"].widget = forms.MultipleHiddenInput()
            if kinds[0] != FiveKind.STUDY:
                # Told in a group or on a notice board: no meeting behind it.
                wanted = [name for name in wanted if name not in self.MEETING]
        if not known:
            wanted.remove("meeting")
        self.order_fields(wanted)
        for name in set(fields) - set(wanted):
            del fields[name]

    def evidence(self) -> Evidence:
        """Return what was typed, as the service takes it."""
        data = self.cleaned_data
        meeting = data.get("meeting")
        has_meeting = "held_at" in data and any(
            data.get(name) for name in ("held_at", "place", "topic", "minutes")
        )
        if meeting is None and has_meeting:
            facts: Any = {name: data.get(name) for name in self.MEETING}
            meeting = MeetingFacts(**facts)
        names = ("told", "channel", "reporter", "work", "comment", "claimer", "conclusion")
        texts: Any = {name: data.get(name) or "" for name in names}
        lists: Any = {
            name: data.get(name) or () for name in ("cases", "needs", "topics", "problems")
        }
        return Evidence(meeting=meeting, until=data.get("until"), **texts, **lists)


def cases_for(board: MonthlyBoard, user: Any) -> Any:
    """Open cases of the branch's grids that the user sees; confidential ones stay out."""
    rows = (
        Case.objects.visible_to(user)
        .open()
        .filter(grid__party_branch=board.branch_id, confidential=False)
    )
    return _newest(rows, Case).select_related("category", "grid")


def needs_for(board: MonthlyBoard, user: Any) -> Any:
    """Needs that have been published, by their public text."""
    shown = (NeedStatus.PUBLISHED, NeedStatus.MATCHED, NeedStatus.IN_PROJECT)
    rows = Need.objects.filter(household__grid__party_branch=board.branch_id, status__in=shown)
    return _newest(rows, Need)


def topics_for(board: MonthlyBoard, user: Any) -> Any:
    rows = Topic.objects.visible_to(user).open().filter(community=board.community_id)
    return _newest(rows, Topic)


def _newest(rows: Any, model: Any) -> Any:
    """At most sixty to choose from, the newest first."""
    found = list(rows.order_by("-id").values_list("pk", flat=True)[:MOST_OFFERED])
    return model.objects.filter(pk__in=found).order_by("-id")
