"""Sealing and fingerprints."""

from __future__ import annotations

import hashlib
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from gridparty.lib.ciphers import Algorithm, FingerprintAlgorithm, Keyring, SealError, derive_key

OLD, NEW, PRINT = bytes(range(32)), bytes(range(32, 64)), b"f" * 32
BOTH: list[Algorithm] = ["SM4-GCM", "AES-GCM"]


def ring(
    algorithm: Algorithm = "SM4-GCM",
    current: str = "k2",
    fingerprint_algorithm: FingerprintAlgorithm = "SM3",
) -> Keyring:
    return Keyring({"k1": OLD, "k2": NEW}, current, algorithm, PRINT, fingerprint_algorithm)


@pytest.mark.parametrize("algorithm", BOTH)
@given(plain=st.text(st.characters(exclude_categories=["Cs"])))
def test_opening_gives_back_what_was_sealed(algorithm: Algorithm, plain: str) -> None:
    keyring = ring(algorithm)
    assert keyring.open(keyring.seal(plain)) == plain


@pytest.mark.parametrize(("algorithm", "label"), [("SM4-GCM", "sm4"), ("AES-GCM", "aes")])
def test_sealed_text_names_algorithm_and_key_and_never_repeats(
    algorithm: Algorithm, label: str
) -> None:
    keyring = ring(algorithm)
    values = {keyring.seal("349901198001010015") for _ in range(200)}
    assert len(values) == 200
    assert all(value.startswith(f"{label}:k2:") for value in values)
    assert not any("349901" in value for value in values)


def test_old_keys_and_the_other_algorithm_stay_readable() -> None:
    old = [ring(algorithm, current).seal("旧值") for algorithm in BOTH for current in ("k1", "k2")]
    assert [ring(algorithm).open(value) for algorithm in BOTH for value in old] == ["旧值"] * 8


def test_needs_resealing_tells_other_key_or_algorithm() -> None:
    keyring = ring()
    assert not keyring.needs_resealing(keyring.seal("x"))
    assert keyring.needs_resealing(ring(current="k1").seal("x"))
    assert keyring.needs_resealing(ring("AES-GCM").seal("x"))


@pytest.mark.parametrize("algorithm", BOTH)
def test_every_flipped_bit_is_noticed(algorithm: Algorithm) -> None:
    keyring = ring(algorithm)
    head, _, body = keyring.seal("张三").rpartition(":")
    raw = urlsafe_b64decode(body)
    for bit in range(len(raw) * 8):
        bad = bytearray(raw)
        bad[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SealError) as caught:
            keyring.open(f"{head}:{urlsafe_b64encode(bad).decode()}")
        assert caught.value.code == "tampered"


def test_relabelled_values_do_not_open() -> None:
    keyring = ring()
    _, _, body = keyring.seal("张三").split(":")
    for head in ("sm4:k1", "aes:k2", "aes:k1"):
        with pytest.raises(SealError) as caught:
            keyring.open(f"{head}:{body}")
        assert caught.value.code == "tampered"


@pytest.mark.parametrize(
    ("sealed", "code"),
    [
        ("", "format"),
        ("张三", "format"),
        ("349901198001010015", "format"),
        ("sm4:k2", "format"),
        ("sm4:k2:", "format"),
        ("sm4:k2:AAAA", "format"),
        ("sm4:k2:A", "format"),
        ("sm4:k2:密文", "format"),
        ("des:k2:" + "A" * 64, "format"),
        ("sm4:k9:" + "A" * 64, "unknown_key"),
        ("sm4:k2:" + "A" * 64, "tampered"),
    ],
)
def test_what_cannot_be_opened_says_why(sealed: str, code: str) -> None:
    with pytest.raises(SealError) as caught:
        ring().open(sealed)
    assert caught.value.code == code
    assert str(caught.value) == caught.value.message_zh


def test_opened_by_hand_following_the_documented_format() -> None:
    """Somebody with the master key and the module's first paragraph can read the data."""
    label, key_id, body = ring("SM4-GCM").seal("张三").split(":")
    raw = urlsafe_b64decode(body)
    key = HKDF(hashes.SHA256(), 16, b"gridparty", b"seal:sm4").derive(NEW)
    context = Cipher(algorithms.SM4(key), modes.GCM(raw[:12], raw[-16:])).decryptor()
    assert (label, key_id) == ("sm4", "k2")
    assert (context.update(raw[12:-16]) + context.finalize()).decode() == "张三"

    raw = urlsafe_b64decode(ring("AES-GCM").seal("张三").split(":")[2])
    key = HKDF(hashes.SHA256(), 32, b"gridparty", b"seal:aes").derive(NEW)
    assert AESGCM(key).decrypt(raw[:12], raw[12:], None).decode() == "张三"


@pytest.mark.parametrize("algorithm", BOTH)
def test_files_are_sealed_whole(algorithm: Algorithm) -> None:
    keyring, content = ring(algorithm), os.urandom(1_000_000)
    sealed = keyring.seal_bytes(content)
    assert keyring.open_bytes(sealed) == content
    assert ring("SM4-GCM", "k1").open_bytes(sealed) == content
    assert keyring.open_bytes(keyring.seal_bytes(b"")) == b""
    with pytest.raises(SealError, match="改动"):
        keyring.open_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    for cut in (b"", content[:40], sealed[:20]):
        with pytest.raises(SealError) as caught:
            keyring.open_bytes(cut)
        assert caught.value.code == "format"


def test_fingerprint_is_the_same_under_every_seal_setting() -> None:
    seen = {ring(a, k).fingerprint("16900000001") for a in BOTH for k in ("k1", "k2")}
    assert len(seen) == 1
    assert ring().fingerprint("16900000002") not in seen
    assert ring(fingerprint_algorithm="SHA256").fingerprint("16900000001") not in seen


@pytest.mark.parametrize(("algorithm", "name"), [("SM3", "sm3"), ("SHA256", "sha256")])
def test_fingerprint_is_plain_hmac(algorithm: FingerprintAlgorithm, name: str) -> None:
    """HMAC written out (RFC 2104), so that another program can find the same person."""
    if name not in hashlib.algorithms_available:
        pytest.skip("OpenSSL without SM3")
    key = PRINT.ljust(64, b"\0")
    inner = hashlib.new(name, bytes(b ^ 0x36 for b in key) + "张三".encode()).digest()
    outer = hashlib.new(name, bytes(b ^ 0x5C for b in key) + inner).hexdigest()
    assert ring(fingerprint_algorithm=algorithm).fingerprint("张三") == outer
    assert len(outer) == 64


def test_keyring_serves_many_threads() -> None:
    keyring = ring()

    def round_trip(number: int) -> tuple[str, str]:
        plain = f"169{number:08d}"
        return keyring.open(keyring.seal(plain)), keyring.fingerprint(plain)

    alone = [round_trip(number) for number in range(300)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(round_trip, range(300))) == alone


def test_wrong_settings_are_named() -> None:
    key = os.urandom(32)
    with pytest.raises(ValueError, match="k1 应为 32 字节，现在是 16 字节"):
        Keyring({"k1": b"0" * 16}, "k1", "SM4-GCM", key)
    with pytest.raises(ValueError, match="'k9' 不在密钥表中"):
        Keyring({"k1": key}, "k9", "SM4-GCM", key)
    with pytest.raises(ValueError, match="密钥编号 'a:b'"):
        Keyring({"a:b": key}, "a:b", "SM4-GCM", key)
    with pytest.raises(ValueError, match="检索哈希密钥"):
        Keyring({"k1": key}, "k1", "SM4-GCM", b"short")
    with pytest.raises(ValueError, match="加密算法 'DES'"):
        Keyring({"k1": key}, "k1", "DES", key)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="哈希算法 'MD5'"):
        Keyring({"k1": key}, "k1", "SM4-GCM", key, "MD5")  # type: ignore[arg-type]


def test_keys_do_not_show_in_the_repr() -> None:
    assert repr(ring()) == "<Keyring sm4:k2>"


def test_derived_keys_differ_by_label_and_secret() -> None:
    keys = [derive_key(secret, label) for secret in ("一", "二") for label in ("seal", "find")]
    assert len(set(keys)) == 4
    assert {len(key) for key in keys} == {32}
    assert derive_key("一", "seal") == keys[0]
    with pytest.raises(ValueError, match="非空"):
        derive_key("", "seal")
