"""The site with one page more: what every signed-in request costs before it does anything."""

from importlib import import_module

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from gridparty.wsgi import application

__all__ = ["application"]


@login_required
def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"hello {request.user}")


# By name: the site's addresses can only be read once the line above has set the site up.
import_module("gridparty.urls").urlpatterns.append(path("bench-hello/", hello))
