"""The project's own source as data, for the tests that guard its layout."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
NOT_OURS = {".git", ".venv", "var", "node_modules", "staticfiles", "__pycache__"}


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project, relative to its root: tracked ones and new ones, ignored ones not."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPO,
        capture_output=True,
        text=True,
    )
    if listing.returncode == 0 and listing.stdout:
        names = [Path(name) for name in listing.stdout.split("\0") if name]
    else:  # an unpacked archive without git
        names = [path.relative_to(REPO) for path in REPO.rglob("*")]
        names = [path for path in names if not NOT_OURS & set(path.parts)]
    return tuple(sorted(path for path in names if (REPO / path).is_file()))


def with_suffix(*suffixes: str) -> list[Path]:
    """Our own files with one of these endings; third-party ones left out."""
    return [path for path in files() if path.suffix in suffixes and "vendor" not in path.parts]


def text_of(path: Path) -> str:
    return (REPO / path).read_text(encoding="utf-8", errors="replace")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path), str(path))


@dataclass(frozen=True)
class Import:
    """One import: where it stands, the dotted module, and whether only type checkers see it."""

    path: Path
    line: int
    module: str
    typing_only: bool

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}"


@cache
def imports_of(path: Path) -> tuple[Import, ...]:
    """Every import of a module, those inside functions included; `from a import b` gives a.b."""
    found = []
    for node, typing_only in _walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(path, node)
            names = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        found += [Import(path, node.lineno, name, typing_only) for name in names]
    return tuple(found)


def _absolute(path: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = path.parent.parts[: len(path.parent.parts) - node.level + 1]
    return ".".join([*package, *([node.module] if node.module else [])])


def _walk(node: ast.AST, typing_only: bool = False) -> Iterator[tuple[ast.AST, bool]]:
    for child in ast.iter_child_nodes(node):
        yield child, typing_only
        guarded = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
        yield from _walk(child, typing_only or guarded)


def strings_of(path: Path) -> Iterator[tuple[int, str]]:
    """Every string constant of a module with its line."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def calls_of(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))
