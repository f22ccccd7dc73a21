"""An entry that was brought back after an ending may end again, in a later edition."""

from django.db import migrations, models
from django.db.models import Q

from registers.models.freeze import InstallFreeze, RemoveFreeze


class Migration(migrations.Migration):
    dependencies = [("registers", "0008_sendings")]

    operations = [
        RemoveFreeze(),
        migrations.RemoveConstraint("lineage", "an_entry_ends_once"),
        migrations.AddConstraint(
            "lineage",
            models.UniqueConstraint(
                fields=["entry", "edition"],
                condition=Q(kind__in=["merged_into", "succeeded_by", "closed"]),
                name="an_entry_ends_once_in_an_edition",
                violation_error_message=(
                    "This entry has already been closed, merged or succeeded."
                ),
            ),
        ),
        InstallFreeze(),
    ]
