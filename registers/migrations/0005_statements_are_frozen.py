"""The triggers anew: what a published edition states of what became of an entry stays."""

from django.db import migrations

from registers.models.freeze import InstallFreeze, RemoveFreeze


class Migration(migrations.Migration):
    dependencies = [("registers", "0004_what_published_editions_show")]

    operations = [RemoveFreeze(), InstallFreeze()]
