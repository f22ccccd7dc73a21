"""A paragraph of the report belongs to an issue. What there is stands in all, as it was shown."""

from django.db import migrations, models

from registers.models.freeze import InstallFreeze, RemoveFreeze


class Migration(migrations.Migration):
    dependencies = [("registers", "0021_feed")]

    operations = [
        RemoveFreeze(),
        migrations.RemoveConstraint("packtext", "a_pack_has_each_paragraph_once"),
        migrations.AddField("packtext", "issue", models.PositiveSmallIntegerField(default=1)),
        migrations.AddField(
            "historicalpacktext", "issue", models.PositiveSmallIntegerField(default=1)
        ),
        migrations.AlterModelOptions("packtext", {"ordering": ["edition", "issue", "name"]}),
        migrations.AddConstraint(
            "packtext",
            models.UniqueConstraint(
                fields=("edition", "issue", "name"), name="a_pack_has_each_paragraph_once"
            ),
        ),
        InstallFreeze(),
    ]
