"""The floors of the house: who may import whom, and in which files writes may stand.

The order of the apps is `OUR_APPS` in the settings; docs/architecture.md says why.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from tests.source import REPO, Import, calls_of, imports_of, strings_of, text_of, with_suffix

ORDER: list[str] = list(settings.OUR_APPS)

# Inside an app each file imports only what stands in its own row or above.
ROWS = [
    ("workflow", "catalog", "levels", "scope"),
    ("querysets",),
    ("models",),
    ("services", "signals"),
    ("tasks", "receivers", "resources"),
    ("forms",),
    ("views", "api", "admin"),
    ("urls", "apps"),
]
ROW_OF = {name: row for row, names in enumerate(ROWS) for name in names}
FORMS = ROW_OF["forms"]
# A file with a noun of its own (sla.py, roster/) is free, but stays below forms and pages.
NOUN = FORMS - 1
LIB_REFUSES = ("django.db", "django.contrib", "django.apps", "rest_framework")

# Writes in pages that are right where they are: (file, call) → reason.
ALLOWED_WRITES: dict[tuple[str, str], str] = {}
WRITES = {
    "save",
    "delete",
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "update",
}
# Calls of the same names that change no model: caches, plain dicts, the session.
HARMLESS_OWNERS = re.compile(
    r"^(cache|context|params|initial|headers|response|.*\.headers|.*session)$"
)


def modules_of(app: str) -> list[Path]:
    return [path for path in with_suffix(".py") if path.parts[0] == app]


def app_modules() -> list[Path]:
    return [path for app in ORDER for path in modules_of(app)]


def floor(module: str) -> int | None:
    """The floor of a dotted name, when it is one of our apps."""
    top = module.split(".")[0]
    return ORDER.index(top) if top in ORDER else None


def room(path: Path) -> str:
    """orgs/models/tree.py and orgs/models.py are both the room "models"."""
    return path.parts[1].removesuffix(".py")


def is_rooted(module: str) -> bool:
    """Tell whether this is the composition root: gridparty, but not gridparty.lib."""
    return module.split(".")[0] == "gridparty" and not module.startswith("gridparty.lib")


def tell(problems: list[str], advice: str) -> None:
    assert not problems, f"{advice}\n  " + "\n  ".join(problems)


def test_every_app_has_its_floor() -> None:
    present = {path.parts[0] for path in with_suffix(".py") if path.parts[1:] == ("apps.py",)}
    tell(
        sorted(present - {"gridparty"} ^ set(ORDER)),
        "Name each app in OUR_APPS (gridparty/settings.py), in its place, and none that is absent:",
    )


def test_an_app_imports_only_what_stands_below_it() -> None:
    problems = []
    for path in app_modules():
        own = ORDER.index(path.parts[0])
        for item in imports_of(path):
            target = floor(item.module)
            if is_rooted(item.module) or (target is not None and target > own):
                problems.append(f"{item.place} imports {item.module}")
    tell(
        problems,
        f"An app imports only apps before it ({' < '.join(ORDER)}) and gridparty.lib. Move the code up, "
        "or let the lower app send a signal or offer a registry:",
    )


def test_an_app_names_no_app_above_it_in_strings() -> None:
    problems = []
    for path in app_modules():
        above = ORDER[ORDER.index(path.parts[0]) + 1 :]
        if not above:
            continue
        dotted = re.compile(rf"^({'|'.join(above)})\.[A-Za-z_][\w.]*$")
        problems += [
            f'{path}:{line} names "{text}"' for line, text in strings_of(path) if dotted.match(text)
        ]
        for call in calls_of(path):
            if getattr(call.func, "attr", "") == "get_model" and call.args:
                first = call.args[0]
                if isinstance(first, ast.Constant) and first.value in above:
                    problems.append(f"{path}:{call.lineno} gets a model of {first.value}")
    tell(problems, "A string import is an import, too. Keep it below its floor:")


def test_foreign_keys_point_down() -> None:
    problems = []
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.app_label
        if label not in ORDER:
            continue
        for field in model._meta.get_fields():
            other = field.related_model
            if field.auto_created or not other or isinstance(other, str):
                continue
            target = other._meta.app_label
            if target in ORDER and ORDER.index(target) > ORDER.index(label):
                problems.append(f"{model._meta.label}.{field.name} → {other._meta.label}")
    tell(problems, "A foreign key is an import, too. Put it on the model of the upper app:")


def test_lib_stands_alone() -> None:
    lib = [path for path in modules_of("gridparty") if path.parts[1] == "lib"]
    assert lib
    problems = [
        f"{item.place} imports {item.module}"
        for path in lib
        for item in imports_of(path)
        if floor(item.module) is not None
        or is_rooted(item.module)
        or f"{item.module}.".startswith(tuple(f"{name}." for name in LIB_REFUSES))
    ]
    tell(
        problems,
        "gridparty/lib is pure: no app, no models. Pass values in, or move the code to an app:",
    )


def breaks_rooms(item: Import) -> bool:
    """Tell whether this import goes up inside its app, or reaches into another app's pages."""
    own_app, own_room = item.path.parts[0], room(item.path)
    parts = item.module.split(".")
    if item.typing_only or parts[0] not in ORDER or len(parts) < 2 or own_room == "migrations":
        return False
    target = ROW_OF.get(parts[1])
    if target is None:
        return False
    own = ROW_OF.get(own_room)
    if own is None or parts[0] != own_app:
        return target >= FORMS and (own is None or own < FORMS)
    return target > own


def test_rooms_are_in_order_inside_an_app() -> None:
    problems = [
        f"{item.place} imports {item.module}"
        for path in app_modules()
        if len(path.parts) > 1
        for item in imports_of(path)
        if breaks_rooms(item)
    ]
    order = " → ".join(" | ".join(names) for names in ROWS)
    tell(
        problems,
        f"Inside an app a file imports only its own row or one before it: {order}.\nMove the code:",
    )


@pytest.mark.parametrize(
    ("path", "module", "wrong"),
    [
        ("orgs/models/tree.py", "orgs.services.tree", True),
        ("orgs/services/tree.py", "orgs.models", False),
        ("orgs/keys.py", "orgs.views.home", True),
        ("orgs/keys.py", "orgs.models", False),
        ("orgs/scope.py", "orgs.querysets", True),
        ("orgs/querysets.py", "orgs.scope", False),
        ("grids/services.py", "orgs.views.home", True),
        ("grids/views.py", "orgs.forms", False),
        ("grids/apps.py", "grids.receivers", False),
    ],
)
def test_the_room_rule_itself(path: str, module: str, wrong: bool) -> None:
    assert breaks_rooms(Import(Path(path), 1, module, typing_only=False)) is wrong


def written_in(path: Path) -> list[tuple[int, str]]:
    """Calls that look like a model write: line and source."""
    found = []
    for call in calls_of(path):
        func = call.func
        if not isinstance(func, ast.Attribute) or func.attr not in WRITES:
            continue
        owner = ast.unparse(func.value)
        is_plain = func.attr in ("update", "create") and not re.search(
            r"objects|filter\(|_set\b", owner
        )
        if not is_plain and not HARMLESS_OWNERS.match(owner):
            found.append((call.lineno, f"{owner}.{func.attr}()"))
    return found


def test_pages_write_through_services() -> None:
    problems = []
    for path in app_modules():
        if len(path.parts) < 2 or room(path) not in ROWS[ROW_OF["views"]]:
            continue
        problems += [
            f"{path}:{line} {call}"
            for line, call in written_in(path)
            if (str(path), call) not in ALLOWED_WRITES
        ]
    tell(
        problems,
        "Views, API and admin write only through a verb in services.py (or name the reason in "
        "ALLOWED_WRITES of this test):",
    )


def test_allowed_writes_are_still_there() -> None:
    gone = [
        f"{path}: {call}"
        for path, call in ALLOWED_WRITES
        if not (REPO / path).exists() or call not in {text for _, text in written_in(Path(path))}
    ]
    tell(gone, "Remove these from ALLOWED_WRITES, the code no longer has them:")


def test_migrations_use_no_living_models() -> None:
    problems = [
        f"{item.place} imports {item.module}"
        for path in app_modules()
        if "migrations" in path.parts and "RunPython" in text_of(path)
        for item in imports_of(path)
        if floor(item.module) is not None
        and ROW_OF.get(item.module.split(".")[1], 0) in range(ROW_OF["models"], len(ROWS))
    ]
    tell(problems, "A migration asks the state it is given (apps.get_model), not today's models:")
