"""The triggers anew: what a published edition states of what became of an entry stays."""

from django.db import migrations

from registers.models.freeze import InstallFreeze, RemoveFreeze


class Migration(migrations.Migration):
    dependencies = [("registers", "0005_a_notice_of_closing")]

    operations = [RemoveFreeze(), InstallFreeze()]
