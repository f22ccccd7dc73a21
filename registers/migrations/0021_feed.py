"""Tokens for reporting tools, and a key of each entry by which they know it."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from registers.models.freeze import InstallFreeze, RemoveFreeze

AT_ONCE = 1000


def give_keys(apps, schema_editor):
    entries = apps.get_model("registers", "Entry")
    rows = []
    for row in entries.objects.only("pk").iterator(chunk_size=AT_ONCE):
        row.key = uuid.uuid4()
        rows.append(row)
    entries.objects.bulk_update(rows, ["key"], batch_size=AT_ONCE)


class Migration(migrations.Migration):
    dependencies = [("registers", "0020_more_records_are_kept")]

    operations = [
        migrations.CreateModel(
            name="FeedToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("last_used_at", models.DateTimeField(editable=False, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feed_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "token of the feed",
                "verbose_name_plural": "tokens of the feed",
                "ordering": ["made_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "name"),
                        name="a_person_has_each_name_of_a_token_once",
                        violation_error_message=(
                            "You have a token of this name. Choose another name."
                        ),
                    )
                ],
            },
        ),
        RemoveFreeze(),
        migrations.AddField("entry", "key", models.UUIDField(editable=False, null=True)),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
        migrations.AlterField(
            "entry", "key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
        ),
        InstallFreeze(),
    ]
