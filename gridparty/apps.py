"""The composition root as an app: it holds the demo and the quick start, and brands the admin."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class GridpartyConfig(AppConfig):
    name = "gridparty"
    verbose_name = "网格党建平台"


class AdminConfig(DjangoAdminConfig):
    default_site = "orgs.adminsite.GridpartyAdminSite"
