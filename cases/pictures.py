"""Serving a stored photo, to whoever the caller has found may see it."""

from typing import Any

from django.http import FileResponse, Http404


def photo_response(found: Any) -> FileResponse:
    """Return the photo: kept by the browser, never by a proxy; always as the picture it is."""
    try:
        stream = found.file.open("rb")
    except (FileNotFoundError, ValueError):  # lost, or erased when its time was over
        raise Http404("照片已不在。") from None
    response = FileResponse(stream, content_type=found.content_type)
    response["Cache-Control"] = "private, max-age=86400"
    response["Content-Disposition"] = "inline"
    return response
