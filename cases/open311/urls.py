"""Addresses below /open311/. The ending names the format; without one the answer is XML."""

from django.urls import path, re_path

from cases.open311 import views

_END = r"(?:\.(?P<suffix>xml|json))?$"

urlpatterns = [
    re_path(rf"^(?:v2/)?discovery{_END}", views.discovery),
    re_path(rf"^v2/services{_END}", views.service_list),
    re_path(rf"^v2/services/(?P<code>[^/]+?){_END}", views.service_definition),
    re_path(rf"^v2/requests{_END}", views.requests),
    re_path(rf"^v2/requests/(?P<number>[^/]+?){_END}", views.request_detail),
    re_path(rf"^v2/tokens/(?P<token>[^/]+?){_END}", views.token),
    re_path(rf"^v2/servicerequestupdates{_END}", views.updates),
    path("<path:rest>", views.unknown),
    path("", views.unknown),
]
