"""How cases, their history and revisits look in the API. Contacts are masked everywhere."""

from dataclasses import asdict
from functools import cache
from typing import Any

from rest_framework import serializers

from cases.catalog import RevisitMethod, Satisfaction, Solved, UnsatisfiedReason
from cases.milestones import milestones
from cases.models import Attachment, Case, CaseEvent, CaseTask, Category, Revisit
from cases.services import contact_for, transitions_for
from cases.workflow import BY_NAME, Move, Who


class CategorySerializer(serializers.ModelSerializer[Category]):
    parent = serializers.SlugRelatedField[Category](slug_field="slug", read_only=True)  # type: ignore[assignment]
    sla_class = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)

    class Meta:
        model = Category
        fields = [
            "id",
            "slug",
            "name",
            "parent",
            "sla_class",
            "level",
            "confidential",
            "needs_photo",
        ]


class CaseRowSerializer(serializers.ModelSerializer[Case]):
    """A row of the list. `light` is green, yellow, red or "" (no clock)."""

    status_label = serializers.CharField(read_only=True)
    category = serializers.SlugRelatedField[Category](slug_field="slug", read_only=True)
    category_name = serializers.CharField(source="category.name", read_only=True)
    grid_name = serializers.CharField(source="grid.name", read_only=True)
    community_name = serializers.CharField(source="community.name", read_only=True)
    lead_unit_name = serializers.CharField(source="lead_unit.name", default="", read_only=True)
    sla_class = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    light = serializers.SerializerMethodField()

    class Meta:
        model = Case
        fields = [
            "id", "case_no", "status", "status_label", "summary", "category", "category_name",
            "sla_class", "source", "level", "grid", "grid_name", "community", "community_name",
            "street", "lead_unit", "lead_unit_name", "created_at", "due_at", "step_due_at",
            "closed_at", "light", "cycle", "version",
        ]  # fmt: skip

    def get_light(self, case: Case) -> str:
        return case.light(self.context["now"], self.context["calendar"])


class ContactSerializer(serializers.Serializer[Any]):
    level = serializers.CharField(help_text="none、hidden、masked 或 full")
    name = serializers.CharField()
    phone = serializers.CharField()
    may_reveal = serializers.BooleanField()
    why = serializers.CharField()


class NeedSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    kind = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    choices = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    help = serializers.CharField()


class TransitionSerializer(serializers.Serializer[Move]):
    """One move the user may make now: what to send to `transitions/{name}/`.

    Describes `transition_data`; every answer holds several, so they are drawn once from the table.
    """

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    tone = serializers.CharField()
    photos = serializers.BooleanField(
        allow_null=True, help_text="null 不收照片，false 可附，true 必附"
    )
    fields_ = NeedSerializer(many=True, source="needs")

    def to_representation(self, instance: Move) -> dict[str, Any]:
        data: dict[str, Any] = super().to_representation(instance)
        data["fields"] = data.pop("fields_")
        return data


@cache
def transition_data(name: str) -> dict[str, Any]:
    return dict(TransitionSerializer(BY_NAME[name]).data)


class MilestoneSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    state = serializers.CharField()
    when = serializers.DateTimeField(allow_null=True)


class TaskSerializer(serializers.ModelSerializer[CaseTask]):
    unit_name = serializers.CharField(source="unit.name", read_only=True)

    class Meta:
        model = CaseTask
        fields = [
            "id", "unit", "unit_name", "is_lead", "whistled", "final", "cycle", "created_at",
            "arrive_due_at", "arrived_at", "place", "sign_due_at", "signed_at", "fed_back_at",
            "returned_at", "return_reason", "ended_at",
        ]  # fmt: skip


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    class Meta:
        model = Attachment
        fields = ["id", "move", "content_type", "size", "width", "height", "sha256", "created_at"]


class EventSerializer(serializers.ModelSerializer[CaseEvent]):
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    actor_name = serializers.SerializerMethodField()
    data = serializers.SerializerMethodField()  # type: ignore[assignment]
    attachments = AttachmentSerializer(many=True, read_only=True)

    class Meta:
        model = CaseEvent
        fields = [
            "id", "move", "label", "from_status", "to_status", "cycle", "at", "actor_name", "role",
            "org_label", "note", "data", "attachments",
        ]  # fmt: skip

    def get_data(self, event: CaseEvent) -> dict[str, Any]:
        """Codes and ids; what a taking back would restore is not told."""
        return {name: value for name, value in event.data.items() if name != "before"}

    def get_actor_name(self, event: CaseEvent) -> str:
        """Officials by name; a reporter who is not to be known has none."""
        if event.role == Who.REPORTER and self.context.get("hide_reporter"):
            return ""
        return event.actor.display_name if event.actor else ""


class CaseSerializer(CaseRowSerializer):
    """A case in full, with what the user may do next."""

    contact = serializers.SerializerMethodField()
    milestones = serializers.SerializerMethodField()
    tasks = TaskSerializer(many=True, read_only=True)
    transitions = serializers.SerializerMethodField()

    class Meta(CaseRowSerializer.Meta):
        fields = [
            *CaseRowSerializer.Meta.fields, "text", "address", "building", "outcome", "in_grid",
            "anonymous", "confidential", "accepted_at", "first_contact_at", "whistled_at",
            "original_due_at", "sign_due_at", "signed_at", "fed_back_at", "verified_at",
            "rework_count", "urged_at", "supervised_at", "lifted_at", "reply_due_at", "pending",
            "merged_into", "waiting_until", "left_workdays", "contact", "milestones", "tasks",
            "transitions",
        ]  # fmt: skip

    def get_contact(self, case: Case) -> dict[str, Any]:
        return asdict(contact_for(case, self.context["request"].user))

    def get_milestones(self, case: Case) -> list[dict[str, Any]]:
        steps = milestones(case.events.all(), case.status, case.cycle)
        return list(MilestoneSerializer(steps, many=True).data)

    def get_transitions(self, case: Case) -> list[dict[str, Any]]:
        moves = transitions_for(case, self.context["request"].user)
        return [transition_data(entry.name) for entry in moves]


class ReportSerializer(serializers.Serializer[Case]):
    """A new case. `grid` (id) may be left out when `building` (id) is given."""

    text = serializers.CharField(trim_whitespace=False, allow_blank=True)
    category = serializers.CharField(help_text="类别的 slug 或编号")
    grid = serializers.IntegerField(required=False, allow_null=True)
    building = serializers.IntegerField(required=False, allow_null=True)
    address = serializers.CharField(required=False, allow_blank=True)
    source = serializers.CharField(required=False)  # type: ignore[assignment]
    reporter_name = serializers.CharField(required=False, allow_blank=True)
    reporter_phone = serializers.CharField(required=False, allow_blank=True)
    anonymous = serializers.BooleanField(required=False)
    confidential = serializers.BooleanField(required=False)
    client_key = serializers.CharField(required=False, allow_blank=True)


class RevisitSerializer(serializers.ModelSerializer[Revisit]):
    case_no = serializers.CharField(source="case.case_no", read_only=True)
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    assignee_name = serializers.CharField(
        source="assignee.display_name", default="", read_only=True
    )

    class Meta:
        model = Revisit
        fields = [
            "id", "case", "case_no", "merged", "month", "assignee", "assignee_name", "state", "state_label",
            "solved", "satisfaction", "reason", "note", "done_at", "decision_due_at", "decision",
            "locks_at",
        ]  # fmt: skip


class RecordSerializer(serializers.Serializer[Revisit]):
    """One attempt of a revisit. Reached: `solved` and `satisfaction` are required."""

    method = serializers.ChoiceField(choices=RevisitMethod.choices)
    reached = serializers.BooleanField()
    solved = serializers.ChoiceField(choices=Solved.choices, required=False, allow_blank=True)
    satisfaction = serializers.ChoiceField(
        choices=Satisfaction.choices, required=False, allow_blank=True
    )
    reason = serializers.ChoiceField(
        choices=UnsatisfiedReason.choices, required=False, allow_blank=True
    )
    note = serializers.CharField(required=False, allow_blank=True)
    reopen = serializers.BooleanField(required=False)


class DecisionSerializer(serializers.Serializer[Revisit]):
    outcome = serializers.ChoiceField(choices=[("reopen", "重新办理"), ("explain", "解释说明")])
    note = serializers.CharField()


class AssigneeSerializer(serializers.Serializer[Revisit]):
    to = serializers.IntegerField(min_value=1)


class PurposeSerializer(serializers.Serializer[Any]):
    purpose = serializers.CharField(max_length=200)
