"""The triggers anew: the records of questions, packs and imports are only ever added to."""

from django.db import migrations

from registers.models.freeze import InstallFreeze, RemoveFreeze


class Migration(migrations.Migration):
    dependencies = [("registers", "0019_upkeep")]

    operations = [RemoveFreeze(), InstallFreeze()]
