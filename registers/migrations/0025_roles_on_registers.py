"""Where each register stands in the tree, and roles that are held on one and those below it."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from registers.domain import tree
from registers.models.freeze import InstallFreeze, RemoveFreeze


def put_in_place(apps, schema_editor):
    registers = apps.get_model("registers", "Register").objects
    parents = dict(registers.order_by("pk").values_list("pk", "parent"))
    for pk, place in tree.places(parents).items():
        registers.filter(pk=pk).update(place=place)


class Migration(migrations.Migration):
    dependencies = [
        ("registers", "0024_words_of_drafts"),
    ]

    operations = [
        RemoveFreeze(),
        migrations.AlterModelOptions(
            name="register",
            options={"ordering": ["place", "id"]},
        ),
        migrations.AddField(
            model_name="register",
            name="place",
            field=models.TextField(default="", editable=False),
        ),
        migrations.CreateModel(
            name="HistoricalRegisterRole",
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
                    "role",
                    models.CharField(
                        choices=[
                            ("Committee member", "Committee member"),
                            ("Risk owner", "Risk owner"),
                            ("Risk manager", "Risk manager"),
                            ("Auditor", "Auditor"),
                            ("Cleared for exempt entries", "Cleared for exempt entries"),
                        ],
                        max_length=40,
                    ),
                ),
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
                    "register",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registers.register",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical role on a register",
                "verbose_name_plural": "historical roles on a register",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="RegisterRole",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="last changed")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("Committee member", "Committee member"),
                            ("Risk owner", "Risk owner"),
                            ("Risk manager", "Risk manager"),
                            ("Auditor", "Auditor"),
                            ("Cleared for exempt entries", "Cleared for exempt entries"),
                        ],
                        max_length=40,
                    ),
                ),
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
                    "register",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roles",
                        to="registers.register",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="register_roles",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "role on a register",
                "verbose_name_plural": "roles on a register",
                "ordering": ["register", "role"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "register", "role"),
                        name="a_role_is_held_once_on_a_register",
                        violation_error_message="This person holds this role on this register already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                (
                                    "Committee member",
                                    "Risk owner",
                                    "Risk manager",
                                    "Auditor",
                                    "Cleared for exempt entries",
                                ),
                            )
                        ),
                        name="a_role_on_a_register_is_one_of_ours",
                        violation_error_message="Choose a role from the list.",
                    ),
                ],
            },
        ),
        migrations.RunPython(put_in_place, migrations.RunPython.noop),
        InstallFreeze(),
    ]
