"""Sealing personal data: SM4-GCM by default, AES-GCM selectable, key id beside every value.

A sealed text reads '<sm4|aes>:<key id>:<urlsafe base64 of nonce 12 + cipher text + tag 16>',
sealed bytes are the same two labels in ASCII and the raw rest. Every algorithm works with its
own key, drawn from the 32-byte master key by HKDF-SHA256 (salt b"gridparty", info b"seal:sm4"
or b"seal:aes"), so one master key never serves two ciphers. Values sealed under an older key or
the other algorithm stay readable as long as the key stays in the ring.

The fingerprint, a keyed hash for exact look-up and unique constraints, has a key and an
algorithm of its own: changing the cipher must not make every person a stranger.
"""

from __future__ import annotations

import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Literal, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

Algorithm = Literal["SM4-GCM", "AES-GCM"]
FingerprintAlgorithm = Literal["SM3", "SHA256"]
SealErrorCode = Literal["format", "unknown_key", "tampered"]

_KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_LABELS = {"SM4-GCM": "sm4", "AES-GCM": "aes"}
_SEALED_BYTES = re.compile(rb"(sm4|aes):([A-Za-z0-9_-]{1,32}):")
_HASHES: dict[str, type[hashes.SM3 | hashes.SHA256]] = {"SM3": hashes.SM3, "SHA256": hashes.SHA256}


class SealError(ValueError):
    """A sealed value that cannot be opened; the message holds neither key nor content."""

    def __init__(self, code: SealErrorCode, message_zh: str) -> None:
        super().__init__(message_zh)
        self.code: SealErrorCode = code
        self.message_zh = message_zh


class _Box(Protocol):
    """One cipher under one key, on raw bytes: nonce + cipher text + tag."""

    def close(self, plain: bytes) -> bytes: ...
    def open(self, raw: bytes) -> bytes: ...


class _Sm4Box:
    """SM4-GCM (the cipher of GB/T 32907, the mode as in RFC 8998)."""

    def __init__(self, master: bytes) -> None:
        self._key = algorithms.SM4(_expand(master, b"seal:sm4", 16))

    def close(self, plain: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        context = Cipher(self._key, modes.GCM(nonce)).encryptor()
        body = context.update(plain) + context.finalize()
        return nonce + body + context.tag

    def open(self, raw: bytes) -> bytes:
        mode = modes.GCM(raw[:_NONCE_BYTES], raw[-_TAG_BYTES:])
        context = Cipher(self._key, mode).decryptor()
        return context.update(raw[_NONCE_BYTES:-_TAG_BYTES]) + context.finalize()


class _AesBox:
    """AES-256-GCM."""

    def __init__(self, master: bytes) -> None:
        self._cipher = AESGCM(_expand(master, b"seal:aes", 32))

    def close(self, plain: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, None)

    def open(self, raw: bytes) -> bytes:
        return self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], None)


def _expand(secret: bytes, info: bytes, length: int) -> bytes:
    """HKDF-SHA256 with the fixed salt of this product."""
    return HKDF(hashes.SHA256(), length, b"gridparty", info).derive(secret)


def derive_key(secret: str, label: str) -> bytes:
    """32 bytes for `label` out of a long random secret. For development defaults.

    Not for passwords: nothing slows down guessing. Raises ValueError for an empty secret.
    """
    if not secret:
        raise ValueError("派生密钥需要非空的口令")
    return _expand(secret.encode(), b"derive:" + label.encode(), _KEY_BYTES)


class Keyring:
    """Seals with the current key, opens with any known one. Safe to share between threads."""

    def __init__(
        self,
        keys: Mapping[str, bytes],
        current: str,
        algorithm: Algorithm,
        fingerprint_key: bytes,
        fingerprint_algorithm: FingerprintAlgorithm = "SM3",
    ) -> None:
        """Take 32-byte master keys by id; raises ValueError naming the wrong setting."""
        for key_id, key in keys.items():
            if _KEY_ID.fullmatch(key_id) is None:
                raise ValueError(f"密钥编号 {key_id!r} 只能用字母、数字、- 和 _，最多 32 个")
            if len(key) != _KEY_BYTES:
                raise ValueError(f"密钥 {key_id} 应为 {_KEY_BYTES} 字节，现在是 {len(key)} 字节")
        if current not in keys:
            raise ValueError(f"当前密钥 {current!r} 不在密钥表中")
        if len(fingerprint_key) != _KEY_BYTES:
            raise ValueError(f"检索哈希密钥应为 {_KEY_BYTES} 字节")
        if algorithm not in _LABELS:
            raise ValueError(f"不支持的加密算法 {algorithm!r}，可选 SM4-GCM、AES-GCM")
        if fingerprint_algorithm not in _HASHES:
            raise ValueError(f"不支持的哈希算法 {fingerprint_algorithm!r}，可选 SM3、SHA256")
        self._boxes: dict[tuple[str, str], _Box] = {}
        for key_id, key in keys.items():
            self._boxes["sm4", key_id] = _Sm4Box(key)
            self._boxes["aes", key_id] = _AesBox(key)
        label = _LABELS[algorithm]
        self._prefix = f"{label}:{current}:"
        self._current = self._boxes[label, current]
        self._hmac = hmac.HMAC(fingerprint_key, _HASHES[fingerprint_algorithm]())

    def __repr__(self) -> str:
        return f"<Keyring {self._prefix[:-1]}>"

    def seal(self, plain: str) -> str:
        """Seal a text; every call gives a different value."""
        return self._prefix + urlsafe_b64encode(self._current.close(plain.encode())).decode()

    def open(self, sealed: str) -> str:
        """The text that was sealed; raises SealError."""
        parts = sealed.split(":")
        if len(parts) != 3:
            raise SealError("format", "不是本系统的密文")
        try:
            raw = urlsafe_b64decode(parts[2])
        except ValueError:
            raise SealError("format", "密文格式不对，可能被截断") from None
        return self._open_raw(parts[0], parts[1], raw).decode()

    def seal_bytes(self, plain: bytes) -> bytes:
        """Seal a whole file held in memory (attachments, uploaded rosters)."""
        return self._prefix.encode() + self._current.close(plain)

    def open_bytes(self, sealed: bytes) -> bytes:
        """The bytes that were sealed; raises SealError."""
        header = _SEALED_BYTES.match(sealed)
        if header is None:
            raise SealError("format", "不是本系统加密的文件")
        return self._open_raw(header[1].decode(), header[2].decode(), sealed[header.end() :])

    def fingerprint(self, normalised: str) -> str:
        """Keyed hash of a normalised value, 64 hex digits: equal values, equal fingerprints.

        Depends only on the fingerprint key and algorithm, never on the sealing key.
        """
        context = self._hmac.copy()
        context.update(normalised.encode())
        return context.finalize().hex()

    def needs_resealing(self, sealed: str) -> bool:
        """Whether a value was sealed under another key or algorithm than the current one."""
        return not sealed.startswith(self._prefix)

    def _open_raw(self, label: str, key_id: str, raw: bytes) -> bytes:
        if label not in _LABELS.values():
            raise SealError("format", "密文使用了未知的算法")
        box = self._boxes.get((label, key_id))
        if box is None:
            raise SealError("unknown_key", f"找不到密钥 {key_id[:32]!r}，请在设置中保留旧密钥")
        if len(raw) < _NONCE_BYTES + _TAG_BYTES:
            raise SealError("format", "密文格式不对，可能被截断")
        try:
            return box.open(raw)
        except InvalidTag:
            raise SealError("tampered", "密文被改动过，或密钥与加密时不同") from None
