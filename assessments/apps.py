from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "考核"

    def ready(self) -> None:
        from assessments import receivers, services  # noqa: F401  audit actions get their labels
