"""微信群文字转上报: the pasted text, and the drafts read from it, each to be checked before it is sent."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django import forms

from cases.catalog import Source
from cases.chatlog import Message
from cases.forms.choices import category_choices
from cases.forms.fields import ServiceForm, prose
from cases.forms.report import building_choices, grouped
from cases.models import Case
from cases.services import report_case
from grids.catalog import GridStatus
from grids.models import Building, Grid
from orgs.forms import PhotosField
from orgs.models import User

MOST_TEXT = 30_000
MOST_DRAFTS = 30


class PasteForm(ServiceForm):
    """The grid of the group, and its text."""

    grid = forms.ModelChoiceField(
        Grid.objects.none(), label="哪个网格的群", empty_label="请选择网格"
    )
    text = prose(
        "群聊文字", rows=12, help_text="在微信里多选消息后复制，或转发到邮箱后复制；一次最多 30000 字",
        placeholder="张三 2026/11/30 9:12\n3栋二单元楼道灯坏了，晚上看不见",
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["grid"]
        field.queryset = Grid.objects.visible_to(user).exclude(status=GridStatus.CLOSED)
        rows = field.queryset.select_related("community").order_by("community__name", "code")
        mine = list(rows)
        field.choices = grouped(mine, lambda grid: grid.community, "请选择网格")
        if len(mine) == 1:
            self.initial["grid"] = mine[0].pk

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if len(text) > MOST_TEXT:
            raise forms.ValidationError(
                f"一共 {len(text)} 字，一次最多 {MOST_TEXT} 字，请分几次粘贴。"
            )
        return text


class DraftForm(ServiceForm):
    """One message as a report to be; unticked it is not sent."""

    take = forms.BooleanField(label="上报这一条", required=False)
    text = prose("发生了什么", rows=3)
    category = forms.ChoiceField(label="类别")
    building = forms.ModelChoiceField(Building.objects.none(), label="楼栋", required=False)
    reporter_name = forms.CharField(label="反映人（群里的名字）", required=False)
    reporter_phone = forms.CharField(
        label="电话", required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "data-no-draft": ""}),
    )  # fmt: skip
    photos = PhotosField(label="群里的照片", required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    when = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    pictures = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, buildings: list[Any], known: Sequence[Any], grid: Grid, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        place: Any = self.fields["building"]
        place.queryset = Building.objects.filter(grid=grid)
        place.choices = buildings
        category: Any = self.fields["category"]
        category.choices = known
        self.grid = grid
        # What is not ticked need not be complete.
        for name in ("text", "category"):
            self.fields[name].required = not self.is_bound or bool(self["take"].data)

    def send(self, by: User) -> Case:
        """Report it; sent once more with the same key it is the same case. Raises MoveRefused."""
        values = self.cleaned_data
        return report_case(
            by=by, grid=self.grid, source=Source.WECHAT, client_key=values["key"],
            text=values["text"], category=values["category"], building=values["building"],
            reporter_name=values["reporter_name"], reporter_phone=values["reporter_phone"],
            photos=values["photos"],
        )  # fmt: skip


def key_of(grid: Grid, message: Message) -> str:
    """Return what the message is called: pasted again, it is known again."""
    words = "\n".join((str(grid.pk), message.sender, message.when, message.text))
    return f"wechat-{hashlib.sha256(words.encode()).hexdigest()[:40]}"


def draft_forms(
    grid: Grid, data: Any = None, files: Any = None, initials: Sequence[dict[str, Any]] = ()
) -> list[Any]:
    """Return the drafts' forms: unbound with `initials`, or bound to `data` with its `drafts` count."""
    choices: dict[str, Any] = {
        "grid": grid, "buildings": building_choices(grid), "known": category_choices("请选择类别"),
    }  # fmt: skip
    if data is None:
        return [
            DraftForm(initial=one, prefix=f"d{number}", **choices)
            for number, one in enumerate(initials)
        ]
    count = str(data.get("drafts", ""))
    total = min(int(count), MOST_DRAFTS) if count.isdecimal() and len(count) < 4 else 0
    return [DraftForm(data, files, prefix=f"d{number}", **choices) for number in range(total)]
