"""Where a form came from: an address of this site sent along with it, or the usual page."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def safe_back(request: HttpRequest, usual: str) -> str:
    """Return the `back` of the form or the address, when it lies here; else the page `usual`."""
    wanted = request.POST.get("back") or request.GET.get("back") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/"):
        return wanted
    return reverse(usual)
