"""A mark in the words of every row: wherever it turns up, the row behind it has been shown."""

import re
from typing import Any, NamedTuple

from django.db.models import CharField, Model, TextField, Value
from django.db.models.functions import Cast, Concat, Left

from gridparty.prove.territory import our_models

MARK = re.compile(r"⟦(\d+)\.(\d+)⟧")
ROOM = 14  # what a mark takes of a short field, at most
# Words the program reads itself: marked, they would mean something else.
READ_BY_THE_PROGRAM = re.compile(
    r"_as$|hash|digest|fingerprint|key$|_head$|_id$|kind$|initials$|_raw$|^("
    "action|area_note|batch|carrier|claim|code|commitment|expects|indicator|link|move|options|password|"
    "photo|purpose|root|seed|sha256|stakeholders|state|status|supervisors|template|token|voice)$"
)


class Mark(NamedTuple):
    """Which row showed itself."""

    model: type[Model]
    pk: int


def mark_all() -> int:
    """Write `⟦number of the model.primary key⟧` at the end of all free text; return the rows."""
    marked = 0
    for number, model in enumerate(our_models()):
        for field in _free_texts(model):
            words = Cast("pk", CharField())
            mark = Concat(Value(f"⟦{number}."), words, Value("⟧"), output_field=TextField())
            kept = (
                field.name
                if field.max_length is None
                else Left(field.name, field.max_length - ROOM)
            )
            rows = model._base_manager.exclude(**{field.name: ""})
            if field.null:
                rows = rows.exclude(**{field.name: None})
            marked += rows.update(**{field.name: Concat(kept, mark)})
    return marked


def marks_in(text: str) -> set[Mark]:
    models = our_models()
    return {Mark(models[int(number)], int(pk)) for number, pk in MARK.findall(text)}


def _free_texts(model: type[Model]) -> list[Any]:
    return [
        field
        for field in model._meta.concrete_fields
        if type(field) in (CharField, TextField)
        and not (field.unique or field.choices or field.primary_key)
        and not READ_BY_THE_PROGRAM.search(field.name)
        and (field.max_length is None or field.max_length >= 2 * ROOM)
    ]
