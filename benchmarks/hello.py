"""The site with one page more: what every signed-in request costs before it does anything."""

from importlib import import_module

from django.contrib.auth.decorators import login_required
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.urls import path

from gridparty.wsgi import application

__all__ = ["application"]
# The database's processes are the connections': on a busy machine none may be closed while measured.
connections.databases["default"]["CONN_MAX_AGE"] = None


@login_required
def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"hello {request.user}")


# By name: the site's addresses can only be read once the line above has set the site up.
import_module("gridparty.urls").urlpatterns.append(path("bench-hello/", hello))
