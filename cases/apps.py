from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "事项"

    def ready(self) -> None:
        from cases import receivers  # noqa: F401
