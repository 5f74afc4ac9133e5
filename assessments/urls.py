from django.urls import path

from assessments.views.bulletins import act, bulletin, bulletin_cases, bulletins, download
from assessments.views.dashboard import dashboard
from assessments.views.numbers import export, numbers, rate_rows
from assessments.views.quarters import quarter_detail, quarters

app_name = "assessments"
urlpatterns = [
    path("dashboard/", dashboard, name="dashboard"),
    path("dashboard/numbers/", numbers, name="numbers"),
    path("dashboard/numbers/export/", export, name="numbers_export"),
    path("dashboard/<slug:code>/", rate_rows, name="rate_rows"),
    path("bulletins/", bulletins, name="bulletins"),
    path("bulletins/<int:pk>/", bulletin, name="bulletin"),
    path("bulletins/<int:pk>/cases/", bulletin_cases, name="bulletin_cases"),
    path("bulletins/<int:pk>/act/", act, name="bulletin_act"),
    path("bulletins/<int:pk>/<str:kind>/", download, name="bulletin_file"),
    path("assessments/", quarters, name="quarters"),
    path("assessments/<int:pk>/", quarter_detail, name="quarter_detail"),
]
