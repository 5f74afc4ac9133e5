"""A few drawn pictures that stand in for photos of the place; no real place, no real person."""

import io
from collections.abc import Sequence
from random import Random
from typing import Any

from PIL import Image, ImageDraw

SIZE = (480, 360)
_SCENES = 6
_WALLS = ("#d9cbb4", "#c9d3d8", "#d8c5c1", "#cfd6c0")


class Album(Sequence[bytes]):
    """As many scenes to choose from as `draw_photos` draws, each drawn anew when it is taken.

    Only now and then an old one comes again: what the search for equal photos asks about.
    """

    AGAIN = 25

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._old = draw_photos(rng)
        self._taken = 0

    def __len__(self) -> int:
        return len(self._old)

    def __getitem__(self, place: Any) -> Any:
        self._taken += 1
        return self._old[place] if self._taken % self.AGAIN == 0 else _draw(self._rng)


def draw_photos(rng: Random) -> list[bytes]:
    """Return small JPEG files: buildings under a sky, with something lying in front."""
    return [_draw(rng) for _ in range(_SCENES)]


def _draw(rng: Random) -> bytes:
    width, height = SIZE
    image = Image.new("RGB", SIZE, "#a9c7dd")
    pen = ImageDraw.Draw(image)
    ground = height * 7 // 10
    pen.rectangle((0, ground, width, height), fill="#8d9189")
    left = -20
    while left < width:
        wide, top = rng.randint(90, 150), rng.randint(30, 140)
        pen.rectangle((left, top, left + wide, ground), fill=rng.choice(_WALLS))
        for x in range(left + 12, left + wide - 20, 28):
            for y in range(top + 12, ground - 24, 30):
                pen.rectangle((x, y, x + 14, y + 18), fill="#5d7382")
        left += wide + rng.randint(4, 24)
    for _ in range(rng.randint(3, 7)):
        x, y = rng.randint(20, width - 80), rng.randint(ground - 10, height - 50)
        box = (x, y, x + rng.randint(20, 70), y + rng.randint(15, 45))
        pen.rectangle(box, fill=rng.choice(("#7a5c3e", "#3f5f48", "#9b3d2e", "#4a4a55")))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70)
    return out.getvalue()


def draw_portrait(rng: Random) -> bytes:
    """Return a small JPEG: the outline of somebody before a wall."""
    image = Image.new("RGB", (240, 320), rng.choice(_WALLS))
    pen = ImageDraw.Draw(image)
    pen.ellipse((20, 210, 220, 460), fill="#3d4a5c")
    pen.ellipse((75, 70, 165, 190), fill="#d9b89a")
    pen.pieslice((70, 55, 170, 170), 180, 360, fill="#2a2522")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
