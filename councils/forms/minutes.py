"""The form of the minutes: a line for every seat, a block for every topic on the table."""

from typing import Any

from django import forms

from councils.catalog import Conclusion, Party, Presence, Way
from councils.models import AgendaItem, CouncilSeat, Meeting
from councils.services.meetings import Came, Spoken
from grids.forms import CHOOSE


class MinutesForm(forms.Form):
    """Fields are named after the rows: seat_3, remark_3, for_7, view_7_owners …"""

    host = forms.CharField(label="主持", max_length=40)
    recorder = forms.CharField(label="记录", max_length=40)
    guests = forms.CharField(label="列席", max_length=200, required=False)
    minutes = forms.CharField(
        label="会议记录", max_length=5000, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        day = meeting.starts_at.date() if meeting.starts_at else None
        seats = meeting.council.seats.select_related("unit").exclude(end__lt=day)
        self.seats = list(seats.filter(start__lte=day) if day else seats)
        self.items = list(meeting.items.select_related("topic").prefetch_related("topic__opinions"))
        known = {row.seat_id: row for row in meeting.attendances.all()}
        for seat in self.seats:
            self._add_seat(seat, known.get(seat.pk))
        for item in self.items:
            self._add_item(item)
        for name in ("host", "recorder", "guests", "minutes"):
            self.fields[name].initial = getattr(meeting, name)

    def _add_seat(self, seat: CouncilSeat, row: Any) -> None:
        self.fields[f"seat_{seat.pk}"] = forms.ChoiceField(
            label=f"{seat.label} 出席", choices=Presence.choices,
            initial=row.presence if row else Presence.PRESENT,
        )  # fmt: skip
        self.fields[f"remark_{seat.pk}"] = forms.CharField(
            label=f"{seat.label} 缺席原因或受托人", max_length=60, required=False,
            initial=row.remark if row else "",
        )  # fmt: skip

    def _add_item(self, item: AgendaItem) -> None:
        pk, area = item.pk, forms.Textarea(attrs={"rows": 3})
        self.fields[f"options_{pk}"] = forms.CharField(
            label="备选方案", max_length=2000, required=False, widget=area, initial=item.options
        )
        if item.topic.stakeholders:
            self.fields[f"heard_{pk}"] = forms.CharField(
                label="直接相关方到会情况", max_length=200, required=False, initial=item.heard,
                help_text=f"{item.topic.stakeholders}：谁到会了，谁托人带了意见。都没有的不能议",
            )  # fmt: skip
        given = {
            one.party: one.text
            for one in item.topic.opinions.all()
            if one.meeting_id == self.meeting.pk
        }
        for party in Party:
            self.fields[f"view_{pk}_{party}"] = forms.CharField(
                label=f"{party.label}意见", max_length=500, required=False,
                initial=given.get(party.value, ""),
            )  # fmt: skip
        for name, label, value in (
            ("for", "赞成", item.votes_for), ("against", "反对", item.votes_against),
            ("abstain", "弃权", item.abstained), ("paper", "其中书面或委托", item.votes_by_paper or None),
        ):  # fmt: skip
            self.fields[f"{name}_{pk}"] = forms.IntegerField(
                label=label, min_value=0, max_value=9999, required=False, initial=value
            )
        self.fields[f"conclusion_{pk}"] = forms.ChoiceField(
            label="结论", choices=[("", CHOOSE), *Conclusion.choices], initial=item.conclusion
        )
        self.fields[f"text_{pk}"] = forms.CharField(
            label="结论说明", max_length=2000, required=False, widget=area,
            initial=item.conclusion_text,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for item in self.items:
            counts = [data.get(f"{name}_{item.pk}") for name in ("for", "against", "abstain")]
            if any(count is not None for count in counts) and counts[0] is None:
                self.add_error(f"for_{item.pk}", "表决了的，请填赞成票数。")
        return data

    def head(self) -> list[Any]:
        return [self[name] for name in ("host", "recorder", "guests")]

    def tail(self) -> list[Any]:
        return [self["minutes"]]

    def seat_lines(self) -> list[tuple[CouncilSeat, Any, Any]]:
        return [(seat, self[f"seat_{seat.pk}"], self[f"remark_{seat.pk}"]) for seat in self.seats]

    def item_blocks(self) -> list[dict[str, Any]]:
        """One block a topic: options, views, votes, conclusion."""
        return [
            {
                "item": item,
                "options": self[f"options_{item.pk}"],
                "views": [self[f"view_{item.pk}_{party}"] for party in Party],
                "votes": [
                    self[f"{name}_{item.pk}"] for name in ("for", "against", "abstain", "paper")
                ],
                "heard": self[f"heard_{item.pk}"] if item.topic.stakeholders else None,
                "end": [self[f"conclusion_{item.pk}"], self[f"text_{item.pk}"]],
            }
            for item in self.items
        ]

    def attendance(self) -> list[Came]:
        data = self.cleaned_data
        return [
            Came(seat, data[f"seat_{seat.pk}"], data[f"remark_{seat.pk}"]) for seat in self.seats
        ]

    def spoken(self) -> list[Spoken]:
        return [self._spoken(item) for item in self.items]

    def _spoken(self, item: AgendaItem) -> Spoken:
        data, pk = self.cleaned_data, item.pk
        votes = None
        if data[f"for_{pk}"] is not None:
            votes = (data[f"for_{pk}"], data[f"against_{pk}"] or 0, data[f"abstain_{pk}"] or 0)
        return Spoken(
            item=item, conclusion=data[f"conclusion_{pk}"], conclusion_text=data[f"text_{pk}"],
            options=data[f"options_{pk}"], votes=votes, votes_by_paper=data[f"paper_{pk}"] or 0,
            heard=data.get(f"heard_{pk}", ""),
            views=[
                (party.value, data[f"view_{pk}_{party}"], Way.MEETING.value)
                for party in Party if data[f"view_{pk}_{party}"]
            ],
        )  # fmt: skip
