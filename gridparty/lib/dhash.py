"""A picture in 64 bits (dHash): brightness rising or falling between neighbours of a 9 × 8 thumbnail.

The same photo sent again, made smaller or saved anew differs in a bit or two; other photos differ in
about half of them. A plain wall or a black frame says nothing and has no print.
"""

from typing import IO

from PIL import Image, UnidentifiedImageError

WIDE, HIGH = 9, 8
# Bits in which two prints of one photo may differ: with four bands of 16 bits at least one is equal.
SAME = 3
BANDS = 4
# Fewer steps of brightness than this in either direction: nothing to recognise.
FLAT = 6


def dhash(file: IO[bytes]) -> str:
    """Return 16 hexadecimal digits, "" when it is no picture or shows nothing."""
    try:
        with Image.open(file) as image:
            image.draft("L", (WIDE * 8, HIGH * 8))
            small = image.convert("L").resize((WIDE, HIGH), Image.Resampling.LANCZOS)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return ""
    grey = small.tobytes()
    bits = [
        grey[row * WIDE + column] > grey[row * WIDE + column + 1]
        for row in range(HIGH)
        for column in range(WIDE - 1)
    ]
    if not FLAT <= sum(bits) <= len(bits) - FLAT:
        return ""
    number = 0
    for bit in bits:
        number = number << 1 | bit
    return f"{number:016x}"


def bands(bits: str) -> list[tuple[int, str]]:
    """Return the four parts by which near prints are found: near ones share one."""
    return [(place, bits[place * 4 : place * 4 + 4]) for place in range(BANDS)]


def distance(one: str, other: str) -> int:
    """Return in how many of the 64 bits two prints differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
