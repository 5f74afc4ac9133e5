from django.apps import AppConfig


class PartybuildingConfig(AppConfig):
    name = "partybuilding"
    verbose_name = "党建"

    def ready(self) -> None:
        from partybuilding import notices, receivers, work  # noqa: F401
