from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = "志愿"

    def ready(self) -> None:
        from volunteers import receivers  # noqa: F401
