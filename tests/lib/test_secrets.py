"""Development secrets: made once, the same for every process, different for every name."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gridparty.lib.secrets import development_secret


def test_it_keeps_the_secret_once_made(tmp_path: Path):
    path = tmp_path / "development.secret"
    first = development_secret(path, "SECRET_KEY")
    assert development_secret(path, "SECRET_KEY") == first
    assert len(first) >= 50
    assert path.stat().st_mode & 0o077 == 0


def test_names_give_different_secrets(tmp_path: Path):
    path = tmp_path / "development.secret"
    assert development_secret(path, "A") != development_secret(path, "B")


def test_processes_that_start_together_agree(tmp_path: Path):
    path = tmp_path / "development.secret"
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda _: development_secret(path, "A"), range(32)))
    assert len(answers) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["development.secret"]
