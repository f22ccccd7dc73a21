"""The triggers anew: the name of a type and the kind of an entry that was published stay."""

from django.db import migrations

from registers.models.freeze import InstallFreeze, RemoveFreeze


class Migration(migrations.Migration):
    dependencies = [("registers", "0003_notices")]

    operations = [RemoveFreeze(), InstallFreeze()]
