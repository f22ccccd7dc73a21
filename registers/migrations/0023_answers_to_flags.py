import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import registers.models.flag_answer
from registers.models.freeze import InstallFreeze, RemoveFreeze


class Migration(migrations.Migration):
    dependencies = [
        ("registers", "0022_a_report_belongs_to_an_issue"),
    ]

    operations = [
        RemoveFreeze(),
        migrations.CreateModel(
            name="HistoricalFlagAnswer",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(blank=True, editable=False, verbose_name="last changed"),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        validators=[registers.models.flag_answer.is_a_flag],
                        verbose_name="flag",
                    ),
                ),
                ("reason", models.TextField(verbose_name="tolerated because")),
                ("until", models.DateField(verbose_name="until")),
                ("asked", models.TextField(editable=False, verbose_name="the flag")),
                ("proof", models.CharField(editable=False, max_length=64)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="last changed by",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registers.snapshot",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical flag answer",
                "verbose_name_plural": "historical flag answers",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="FlagAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="last changed")),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        validators=[registers.models.flag_answer.is_a_flag],
                        verbose_name="flag",
                    ),
                ),
                ("reason", models.TextField(verbose_name="tolerated because")),
                ("until", models.DateField(verbose_name="until")),
                ("asked", models.TextField(editable=False, verbose_name="the flag")),
                ("proof", models.CharField(editable=False, max_length=64)),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="last changed by",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="registers.snapshot",
                    ),
                ),
            ],
            options={
                "ordering": ["snapshot", "code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("snapshot", "code"),
                        name="a_flag_is_answered_once_in_an_edition",
                        violation_error_message="This flag is answered already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="an_answer_to_a_flag_has_a_reason",
                        violation_error_message="Say why it is tolerated.",
                    ),
                ],
            },
        ),
        InstallFreeze(),
    ]
