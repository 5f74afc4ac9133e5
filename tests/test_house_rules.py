"""Rules of form: small files, named migrations, templates a strict CSP accepts, nothing local."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.source import calls_of, files, text_of, with_suffix

MAX_LINES = 400
COMMENTS = re.compile(r"\{#.*?#\}|\{% comment .*?endcomment %\}|<!--.*?-->", re.DOTALL)
TEMPLATE_RULES = {
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")": "move inline scripts to static/js/",
    r"<style\b": "move inline styles to static/css/",
    r"<[^>]*\sstyle\s*=": "use a class of static/css/ instead of a style attribute",
    r"<[^>]*\son[a-z]+\s*=": "listen in static/js/ instead of an event attribute",
    r"(?i)javascript:": "listen in static/js/ instead of a javascript: address",
    r"<(?:script|link|img|iframe|source)[^>]*(?:src|href)=[\"']?(?:https?:)?//": "ship the file",
    r"\{[%{][^}]*\.(?:objects|all|exists|filter|order_by|[a-z]+_set)\b": (
        "ask the database in the view, by a named queryset method, not in a template"
    ),
}
# Written in pieces, so that this file does not find itself.
LOCAL = [
    r"(?<![\w.*])/(?:wo" + r"rk|ro" + r"ot|tmp/g" + r"p)/",
    r"--(?:extra-)?ind" + r"ex-url",
    r"(?:py" + r"pi\.(?:org|tuna)|pythonhos" + r"ted\.org|mirrors\.[a-z]+|registry\.np" + r"mjs)",
]
TEXTS = [
    ".py",
    ".html",
    ".js",
    ".css",
    ".md",
    ".sh",
    ".toml",
    ".txt",
    ".lock",
    ".yml",
    ".yaml",
    ".json",
    ".cfg",
    ".svg",
]


def tell(problems: list[str], advice: str) -> None:
    assert not problems, f"{advice}\n  " + "\n  ".join(problems)


def line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def test_files_are_small() -> None:
    problems = [
        f"{path}: {count} lines"
        for path in with_suffix(".py", ".html", ".js", ".css", ".sh")
        if "migrations" not in path.parts and (count := text_of(path).count("\n")) > MAX_LINES
    ]
    tell(problems, f"Split by screen or noun what is longer than {MAX_LINES} lines:")


def broken_template_rules(text: str) -> list[tuple[int, str, str]]:
    """Return (line, what was found, what to do) for each breach in a template."""
    text = COMMENTS.sub(lambda match: "\n" * match[0].count("\n"), text)
    return [
        (line_of(text, match.start()), match[0].strip()[-60:], advice)
        for rule, advice in TEMPLATE_RULES.items()
        for match in re.finditer(rule, text)
    ]


def test_templates_hold_no_scripts_styles_or_queries() -> None:
    problems = [
        f"{path}:{line} {found!r}: {advice}"
        for path in with_suffix(".html")
        for line, found, advice in broken_template_rules(text_of(path))
    ]
    tell(problems, "The policy is default-src 'self', and pages get their rows from the view:")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("<script>x()</script>", 1),
        ('<script src="/a.js" defer></script>', 0),
        ('{{ data|json_script:"d" }}<script type="application/json" id="d">{}</script>', 0),
        ('<p class="a"\n style="x">', 1),
        ('<a onclick="x()">', 1),
        ("<p>on a = b</p>{# <script> #}", 0),
        ('<img src="//cdn.example/x.png">', 1),
        ('<a href="https://example.org/">', 0),
        ("{% for c in grid.case_set %}", 1),
        ("{% for c in grid.cases.all %}", 1),
        ("{{ form.fields }} {{ call }}", 0),
    ],
)
def test_the_template_rules_themselves(text: str, count: int) -> None:
    assert len(broken_template_rules(text)) == count


def test_only_commands_print() -> None:
    problems = [
        f"{path}:{call.lineno}"
        for path in with_suffix(".py")
        if path.parts[0] in {*settings.OUR_APPS, "gridparty"} and "commands" not in path.parts
        for call in calls_of(path)
        if getattr(call.func, "id", "") == "print"
    ]
    tell(problems, "Use logging, or self.stdout of a command:")


def test_migrations_have_names() -> None:
    migrations = [path for path in with_suffix(".py") if path.parent.name == "migrations"]
    names = [path for path in migrations if path.name != "__init__.py"]
    assert names
    problems = [
        str(path)
        for path in names
        if not re.fullmatch(r"\d{4}_[a-z][a-z0-9_]*\.py", path.name) or "_auto_" in path.name
    ]
    tell(problems, "Name migrations for what they do: makemigrations --name what_it_does:")


def test_nothing_local_is_written_down() -> None:
    problems = []
    for path in files():
        if path.suffix not in TEXTS and path.name not in ("Makefile", "run", ".gitignore"):
            continue
        if "vendor" in path.parts:
            continue
        text = text_of(path)
        for rule in LOCAL:
            problems += [
                f"{path}:{line_of(text, match.start())} {match[0]!r}"
                for match in re.finditer(rule, text)
            ]
        if path.parts[0] not in ("tests", ".ci", "benchmarks") and ".." + "/shared" in text:
            problems.append(f"{path}: names a folder outside the repository")
    tell(
        problems,
        "Paths of one machine and package hosts stay out; use settings and the environment:",
    )


def test_the_lock_files_pin_what_is_asked_for() -> None:
    for name in ("requirements", "requirements-dev"):
        asked = re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)", text_of(Path(f"{name}.txt")), re.MULTILINE)
        lock = text_of(Path(f"{name}.lock")).lower()
        missing = [f"{pkg}=={ver}" for pkg, ver in asked if f"{pkg}=={ver} ".lower() not in lock]
        tell(missing, f"{name}.lock is older than {name}.txt: run `make lock` and commit. Missing:")
        assert lock.count("--hash=sha256:") > len(asked)
