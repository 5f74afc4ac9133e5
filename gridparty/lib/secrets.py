"""Secrets for development only: made once, kept in the data directory, never in the code."""

import json
import os
import secrets
from pathlib import Path


def development_secret(path: Path, name: str) -> str:
    """Return the secret `name` from the JSON file at `path`, making it on first use.

    Web, worker and beat start together, so the file is created exclusively: whoever comes
    second reads what the first one wrote.
    """
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    if name not in known:
        known[name] = secrets.token_urlsafe(48)
        partial = path.with_name(f"{path.name}.{os.getpid()}")
        partial.write_text(json.dumps(known, indent=1))
        partial.chmod(0o600)
        partial.replace(path)
    return known[name]
