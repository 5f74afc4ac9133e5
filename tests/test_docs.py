"""The documents hold: links lead somewhere, pictures are used, quoted labels are on the screens."""

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.contrib import admin, auth

from cases.workflow import MOVES, Status, Who

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "SECURITY.md",
    ROOT / "THREAT_MODEL.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
HANDBOOK = sorted((ROOT / "docs" / "handbook").glob("*.md"))
IMAGES = sorted((ROOT / "docs" / "images").glob("*.png"))
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
ELSEWHERE = re.compile(r"[a-z]+:|#")
QUOTED = re.compile(r"「([^」]+)」")
# Where a label on a screen may come from: our own source, and Django's log-in and admin.
OURS = ("templates/**/*.html", "static/js/*.js", "static/cases/*.js", "static/grids/*.js")


def _links(document: Path) -> Iterator[str]:
    """Yield the targets of a document that lie in this repository, without their anchors."""
    text = CODE.sub("", document.read_text(encoding="utf-8"))
    for markdown, html in LINK.findall(text):
        target = markdown or html
        if not ELSEWHERE.match(target):
            yield unquote(target.partition("#")[0])


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_links_and_pictures_exist(document: Path) -> None:
    missing = [link for link in _links(document) if not (document.parent / link).exists()]
    assert missing == []


def test_every_picture_is_used() -> None:
    used = {(one.parent / link).resolve() for one in DOCUMENTS for link in _links(one)}
    assert [_name(picture) for picture in IMAGES if picture.resolve() not in used] == []


def test_pictures_are_small() -> None:
    limit = 256 * 1024
    assert [_name(picture) for picture in IMAGES if picture.stat().st_size > limit] == []


def test_the_handbook_lists_its_chapters() -> None:
    linked = set(_links(ROOT / "docs" / "handbook" / "README.md"))
    chapters = {chapter.name for chapter in HANDBOOK} - {"README.md"}
    assert chapters <= linked


def _screen_text() -> str:
    """Return all the words our screens are made of."""
    folders = {path.parent for path in ROOT.glob("*/apps.py")}
    sources = chain(
        *(ROOT.glob(pattern) for pattern in OURS), *(folder.rglob("*.py") for folder in folders)
    )
    django = (
        Path(str(package.__file__)).parent / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
        for package in (admin, auth)
    )
    return "\n".join(path.read_text(encoding="utf-8") for path in chain(sources, django))


def test_quoted_labels_are_on_the_screens() -> None:
    screens = _screen_text()
    unknown = {
        f"{_name(chapter)}: {label}"
        for chapter in HANDBOOK
        for label in QUOTED.findall(chapter.read_text(encoding="utf-8"))
        if label not in screens
    }
    assert sorted(unknown) == []


def test_the_story_names_moves_as_the_workflow_does() -> None:
    """Each row says move, who, status: as `cases.workflow` has them."""
    text = (ROOT / "docs" / "handbook" / "story.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|-]+) \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)[1:]
    moves = {move.label: move for move in MOVES}
    assert len(rows) > 8
    for label, who, status in rows:
        move = moves[label]
        assert who.split("、") == [Who(one).label for one in move.who]
        assert move.target is not None
        assert Status(move.target).label == status


def test_the_threat_model_names_tests_that_exist() -> None:
    text = (ROOT / "THREAT_MODEL.md").read_text(encoding="utf-8")
    named = re.findall(r"`(?:(tests/[\w/]+(?:\.py)?)|…)(?:::(\w+))?`", text)
    assert len(named) > 15
    missing, file = [], ""
    for path, test in named:
        file = path or file
        target = ROOT / file
        if not target.exists() or (test and f"def {test}(" not in target.read_text("utf-8")):
            missing.append(f"{file} {test}")
    assert missing == []
