from django.apps import AppConfig


class CouncilsConfig(AppConfig):
    name = "councils"
    verbose_name = "议事"

    def ready(self) -> None:
        from councils import notices, projects, receivers  # noqa: F401
