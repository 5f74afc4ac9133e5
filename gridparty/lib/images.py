"""Photos as they arrive from phones, made safe: sniffed, bounded, turned upright, re-encoded.

Re-encoding drops EXIF (with the place), colour profiles, and anything hidden behind the pixels.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 2560
_FORMATS = ("JPEG", "PNG", "WEBP")
_HEIF = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1", b"ftyphevc", b"ftypavif")


class BadImage(ValueError):
    """The upload cannot be kept; the message is a Chinese sentence for the person."""


@dataclass(frozen=True)
class CleanImage:
    """JPEG bytes without metadata, at most 2,560 pixels a side."""

    data: bytes
    width: int
    height: int
    sha256: str


def sanitise(upload: IO[bytes]) -> CleanImage:
    """Return the photo re-encoded as JPEG; raises BadImage with a sentence.

    The content decides, never the file's name or declared type.
    """
    raw = upload.read(MAX_BYTES + 1)
    if not raw:
        raise BadImage("照片是空文件，请重新选择。")
    if len(raw) > MAX_BYTES:
        raise BadImage("照片超过 10 MB，请压缩后再传。")
    if raw[4:12] in _HEIF:
        raise BadImage("暂不支持 HEIC 照片，请在手机相机设置里选“兼容性最佳”，或截图后上传。")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(raw), formats=_FORMATS)
            if image.width * image.height > MAX_PIXELS:
                raise BadImage("照片尺寸过大，最多 5000 万像素。")
            image.draft("RGB", (MAX_SIDE, MAX_SIDE))
            upright = ImageOps.exif_transpose(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadImage("照片尺寸过大，最多 5000 万像素。") from None
    except UnidentifiedImageError:
        raise BadImage("这不是照片，请上传 JPG、PNG 或 WebP 图片。") from None
    except BadImage:
        raise
    # A broken file makes Pillow raise nearly anything.
    except Exception:
        raise BadImage("照片已损坏，无法读取，请重新拍摄或选择。") from None
    upright.thumbnail((MAX_SIDE, MAX_SIDE))
    flat = _on_white(upright)
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=85, optimize=True)
    data = out.getvalue()
    return CleanImage(data, flat.width, flat.height, hashlib.sha256(data).hexdigest())


def _on_white(image: Image.Image) -> Image.Image:
    """Transparent parts become white; palettes and grey become RGB."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        flat = Image.new("RGB", rgba.size, "white")
        flat.paste(rgba, mask=rgba.getchannel("A"))
        return flat
    return image.convert("RGB")
