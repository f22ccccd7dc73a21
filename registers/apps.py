from django.apps import AppConfig

# Who does which kind of job (registers/jobs): loaded when there is one to do.
DOERS = {
    "read import": "registers.importing.review.reading.read",
    "apply import": "registers.importing.review.applying.apply",
    "make pack": "registers.exporting.pack.keeping.do",
}


class RegistersConfig(AppConfig):
    name = "registers"
    verbose_name = "Five by Five"

    def ready(self) -> None:
        from registers.cycle.notices import contact  # noqa: F401 - its checks are known once it is imported
        from registers.jobs import register  # the models are loaded by now

        for kind, doer in DOERS.items():
            register(kind, doer)
