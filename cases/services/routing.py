"""Writing routing rules: a changed rule is off until somebody has tried it and switched it on."""

from django.core.exceptions import ValidationError
from django.db import transaction

from cases.models import RoutingRule
from orgs import audit
from orgs.models import User

# What decides which cases a rule meets and where it sends them.
DECIDING = (
    "order", "street_id", "community_id", "grid_id", "category_id", "words", "words_mode", "source",
    "unit_id",
)  # fmt: skip


@transaction.atomic
def save_rule(*, rule: RoutingRule, by: User) -> RoutingRule:
    """Save a rule somebody edited; a change of what it decides switches it off."""
    old = RoutingRule.objects.filter(pk=rule.pk).first()
    if old is None or any(getattr(old, name) != getattr(rule, name) for name in DECIDING):
        rule.is_active = False
    rule.full_clean()
    rule.save()
    audit.record(
        by=by, action="routing.save", target=rule, street=rule.street_id,
        detail={"on": rule.is_active},
    )  # fmt: skip
    return rule


@transaction.atomic
def switch_rule(*, rule: RoutingRule, on: bool, by: User) -> bool:
    """Switch a rule on or off; returns False when it already was. Raises ValidationError."""
    if on:
        rule.full_clean()
        if not rule.unit.is_active:
            raise ValidationError({"unit": "这个单位已停用，请换一个单位。"})
    changed = RoutingRule.objects.filter(pk=rule.pk, is_active=not on).update(is_active=on)
    if changed:
        audit.record(
            by=by, action="routing.switch", target=rule, street=rule.street_id, detail={"on": on}
        )
    return bool(changed)


audit.describe_actions(routing__save="保存派单规则", routing__switch="启用或停用派单规则")
