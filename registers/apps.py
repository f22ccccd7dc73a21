from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "registers"
    verbose_name = "Five by Five"

    def ready(self) -> None:
        from registers.cycle.notices import contact  # noqa: F401 - its checks are known once it is imported
