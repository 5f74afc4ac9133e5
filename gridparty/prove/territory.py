"""Whose row is it? The street of any row, found along its foreign keys, without `visible_to`."""

from collections import deque
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey, Model

from orgs.models import OrgUnit

DEPTH = 4  # the longest way in our tables: photo → record → case → street


def our_models() -> list[type[Model]]:
    """Return the concrete models of our own apps, in a fixed order."""
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in settings.OUR_APPS and not model._meta.proxy
    ]


def has_scope(model: type[Model]) -> bool:
    return hasattr(model._default_manager.all(), "visible_to")


@cache
def way_home(model: type[Model]) -> str | None:
    """Return the lookup from a model to an organisation, e.g. "case__street"; None: it has none.

    The nearest wins, and a street before a community. Links to people and accounts do not count:
    a person may belong to several streets.
    """
    seen, open_ways = {model}, deque([(model, "")])
    while open_ways:
        here, way = open_ways.popleft()
        if way.count("__") >= DEPTH:
            continue
        for field in sorted(_links(here), key=lambda field: field.name != "street"):
            step = f"{way}__{field.name}".removeprefix("__")
            target: Any = field.related_model
            if target is OrgUnit:
                return step
            if target not in seen:
                seen.add(target)
                open_ways.append((target, step))
    return None


def streets_of(model: type[Model]) -> dict[int, int]:
    """Return {primary key: primary key of its street} of all rows that have one."""
    roots = dict(OrgUnit.objects.filter(parent=None).values_list("tree_id", "pk"))
    street_of = {pk: roots[tree] for pk, tree in OrgUnit.objects.values_list("pk", "tree_id")}
    if model is OrgUnit:
        return street_of
    way = way_home(model)
    if way is None:
        return {}
    rows = model._base_manager.exclude(**{way: None}).values_list("pk", f"{way}_id")
    return {pk: street_of[org] for pk, org in rows}


def _links(model: type[Model]) -> list[ForeignKey[Any, Any]]:
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey)
        and not isinstance(field.related_model, str)
        and field.related_model._meta.label not in {"orgs.User", "orgs.Person"}
        and field.related_model._meta.app_label in settings.OUR_APPS
    ]
