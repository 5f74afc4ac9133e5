"""The installation's keyring for personal data, built once from the settings."""

from functools import lru_cache
from typing import cast

from django.conf import settings

from gridparty.lib.ciphers import Algorithm, FingerprintAlgorithm, Keyring, derive_key


@lru_cache(maxsize=1)
def keyring() -> Keyring:
    """Return the keyring: the first configured key seals, every configured key opens."""
    keys = {
        key_id: derive_key(secret, f"seal:{key_id}")
        for key_id, secret in settings.PERSONAL_KEYS.items()
    }
    return Keyring(
        keys,
        current=next(iter(keys)),
        algorithm=cast(Algorithm, settings.PERSONAL_CIPHER),
        fingerprint_key=derive_key(settings.FINGERPRINT_KEY, "fingerprint"),
        fingerprint_algorithm=cast(FingerprintAlgorithm, settings.FINGERPRINT_ALGORITHM),
    )


def fingerprint(text: str) -> str:
    """Return the keyed hash by which a sealed value is looked up exactly ("" for "")."""
    return keyring().fingerprint(text) if text else ""
