"""The first page after log-in: what needs me now."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from assessments.home import shortcuts, todos


@login_required
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "page_title": "工作台",
        "todos": todos(request.user, timezone.now()),
        "shortcuts": shortcuts(request.user),
    }
    return render(request, "assessments/home.html", context)
