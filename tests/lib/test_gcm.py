"""Sealing many texts at once gives what the library gives for each of them."""

from __future__ import annotations

import os

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from gridparty.lib.ciphers import Keyring
from gridparty.lib.gcm import MOST_BYTES, BulkSeal

# RFC 8998, A.1: SM4-GCM. Its further authenticated data is left out here, so is its tag.
KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
NONCE = bytes.fromhex("00001234567800000000ABCD")
PLAIN = bytes.fromhex(
    "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD"
    "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA"
)
CIPHERED = bytes.fromhex(
    "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
    "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
)


def by_the_library(key: bytes, nonce: bytes, plain: bytes) -> bytes:
    context = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    body = context.update(plain) + context.finalize()
    return nonce + body + context.tag


def test_the_example_of_the_standard() -> None:
    (sealed,) = BulkSeal(algorithms.SM4(KEY)).close([PLAIN], NONCE)
    assert sealed[:12] == NONCE
    assert sealed[12:-16] == CIPHERED
    assert sealed == by_the_library(KEY, NONCE, PLAIN)


@pytest.mark.parametrize("length", [1, 10, 11, 15, 16, 17, 18, 32, 47, 300, MOST_BYTES])
def test_every_length_is_what_the_library_makes(length: int) -> None:
    key = os.urandom(16)
    plains = [os.urandom(length) for _ in range(40)]
    sealed = BulkSeal(algorithms.SM4(key)).close(plains)
    nonces = {one[:12] for one in sealed}
    assert len(nonces) == 40
    assert sealed == [
        by_the_library(key, one[:12], plain) for one, plain in zip(sealed, plains, strict=True)
    ]


def test_texts_of_unlike_or_too_great_length_are_refused() -> None:
    bulk = BulkSeal(algorithms.SM4(KEY))
    for plains in ([b"12", b"123"], [bytes(MOST_BYTES + 1)]):
        with pytest.raises(ValueError, match="length"):
            bulk.close(plains)


@pytest.mark.parametrize("algorithm", ["SM4-GCM", "AES-GCM"])
def test_a_keyring_seals_a_mixed_list_in_order(algorithm: str) -> None:
    ring = Keyring({"k1": bytes(range(32))}, "k1", algorithm, bytes(32))  # type: ignore[arg-type]
    texts = ["", "张三", *(f"3418011980{n:08d}" for n in range(50)), "x" * 5000, "13800138000"] * 2
    sealed = ring.seal_many(texts)
    assert [ring.open(one) for one in sealed] == texts
    assert len(set(sealed)) == len(texts)
    assert ring.seal_many([]) == []
