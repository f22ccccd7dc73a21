"""The triggers anew: an edition does not hold an entry that it states to have ended."""

from django.db import migrations

from registers.models.freeze import InstallFreeze, RemoveFreeze


class Migration(migrations.Migration):
    dependencies = [("registers", "0010_registers_by_their_place")]

    operations = [RemoveFreeze(), InstallFreeze()]
