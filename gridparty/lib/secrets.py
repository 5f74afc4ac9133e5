"""Secrets for development only: made once, kept in the data directory, never in the code."""

import base64
import hashlib
import hmac
import secrets
from pathlib import Path


def development_secret(path: Path, name: str) -> str:
    """Return the secret `name`, derived from the master secret in the file at `path`.

    The file is made on first use. Web, worker and beat start together, so it is linked into
    place whole: whoever comes second reads what the first one wrote.
    """
    if not path.exists():
        partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        partial.write_text(secrets.token_hex(64))
        partial.chmod(0o600)
        try:
            path.hardlink_to(partial)
        except FileExistsError:
            pass
        finally:
            partial.unlink()
    digest = hmac.new(path.read_bytes(), name.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest + hashlib.sha256(digest).digest()[:16]).decode()
