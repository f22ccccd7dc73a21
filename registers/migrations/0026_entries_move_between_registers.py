"""An entry moves to the register above or below: proposed, accepted or declined, and stated in both."""

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from registers.models.freeze import InstallFreeze, RemoveFreeze


class Migration(migrations.Migration):
    dependencies = [
        ("registers", "0025_roles_on_registers"),
    ]

    operations = [
        RemoveFreeze(),
        migrations.CreateModel(
            name="HistoricalProposal",
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
                ("called", models.CharField(max_length=520)),
                ("reason", models.TextField()),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "refusal",
                    models.TextField(blank=True, default="", verbose_name="reason for declining"),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical proposal",
                "verbose_name_plural": "historical proposals",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="last changed")),
                ("called", models.CharField(max_length=520)),
                ("reason", models.TextField()),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "refusal",
                    models.TextField(blank=True, default="", verbose_name="reason for declining"),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["proposed_at"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="lineage",
            name="only_a_closure_names_no_other_entry",
        ),
        migrations.RemoveConstraint(
            model_name="lineage",
            name="an_entry_ends_once_in_an_edition",
        ),
        migrations.RemoveConstraint(
            model_name="notice",
            name="a_person_is_told_once_a_day_of_an_edition",
        ),
        migrations.AddField(
            model_name="historicallineage",
            name="called",
            field=models.CharField(blank=True, default="", editable=False, max_length=140),
        ),
        migrations.AddField(
            model_name="lineage",
            name="called",
            field=models.CharField(blank=True, default="", editable=False, max_length=140),
        ),
        migrations.AddField(
            model_name="lineage",
            name="elsewhere",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lineage_elsewhere",
                to="registers.entry",
            ),
        ),
        migrations.AlterField(
            model_name="historicallineage",
            name="kind",
            field=models.CharField(
                choices=[
                    ("merged_into", "Merged into"),
                    ("split_from", "Split from"),
                    ("succeeded_by", "Succeeded by"),
                    ("closed", "Closed"),
                    ("escalated_to", "Escalated to"),
                    ("escalated_from", "Escalated from"),
                    ("deescalated_to", "De-escalated to"),
                    ("deescalated_from", "De-escalated from"),
                ],
                max_length=16,
                verbose_name="statement",
            ),
        ),
        migrations.AlterField(
            model_name="lineage",
            name="kind",
            field=models.CharField(
                choices=[
                    ("merged_into", "Merged into"),
                    ("split_from", "Split from"),
                    ("succeeded_by", "Succeeded by"),
                    ("closed", "Closed"),
                    ("escalated_to", "Escalated to"),
                    ("escalated_from", "Escalated from"),
                    ("deescalated_to", "De-escalated to"),
                    ("deescalated_from", "De-escalated from"),
                ],
                max_length=16,
                verbose_name="statement",
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "Quarter opened"),
                    ("sent_back", "Sent back"),
                    ("reminder", "Reminder"),
                    ("chased", "Reminder by the risk manager"),
                    ("closed", "Closed before it was submitted"),
                    ("asked", "Question asked"),
                    ("answered", "Question answered"),
                    ("proposed", "Entry proposed to another register"),
                    ("decided", "Proposal decided"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="version",
            field=models.PositiveIntegerField(
                default=0,
                help_text="Which version was sent back, or decided: that may happen again.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lineage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "kind__in",
                            [
                                "closed",
                                "escalated_to",
                                "escalated_from",
                                "deescalated_to",
                                "deescalated_from",
                            ],
                        ),
                        ("other__isnull", True),
                    ),
                    models.Q(
                        models.Q(
                            (
                                "kind__in",
                                [
                                    "closed",
                                    "escalated_to",
                                    "escalated_from",
                                    "deescalated_to",
                                    "deescalated_from",
                                ],
                            ),
                            _negated=True,
                        ),
                        ("other__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="only_a_closure_names_no_other_entry",
                violation_error_message="Name the other entry that this one was merged into, split from or succeeded by; a closure names none.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lineage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "kind__in",
                            (
                                "escalated_to",
                                "escalated_from",
                                "deescalated_to",
                                "deescalated_from",
                            ),
                        ),
                        models.Q(("called", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(
                            (
                                "kind__in",
                                (
                                    "escalated_to",
                                    "escalated_from",
                                    "deescalated_to",
                                    "deescalated_from",
                                ),
                            ),
                            _negated=True,
                        ),
                        ("called", ""),
                        ("elsewhere__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="a_move_between_registers_says_what_it_is_called_there",
                violation_error_message="An entry of another register is named by its number there and by the register.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lineage",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["merged_into", "succeeded_by", "closed", "escalated_to", "deescalated_to"],
                    )
                ),
                fields=("entry", "edition"),
                name="an_entry_ends_once_in_an_edition",
                violation_error_message="This entry has already been closed, merged or succeeded.",
            ),
        ),
        migrations.AddField(
            model_name="historicalproposal",
            name="changed_by",
            field=models.ForeignKey(
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
        migrations.AddField(
            model_name="historicalproposal",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalproposal",
            name="edition",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="registers.edition",
            ),
        ),
        migrations.AddField(
            model_name="historicalproposal",
            name="history_user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalproposal",
            name="proposed_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalproposal",
            name="to",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="registers.register",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="became",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposed_as",
                to="registers.entry",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="changed_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="last changed by",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals",
                to="registers.edition",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals",
                to="registers.entry",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="to",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals",
                to="registers.register",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="proposal",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to="registers.proposal",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("kind__in", ["sent_back", "asked", "answered", "proposed", "decided"]),
                    _negated=True,
                ),
                fields=("recipient", "edition", "kind", "day"),
                name="a_person_is_told_once_a_day_of_an_edition",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("proposal__isnull", False)),
                fields=("recipient", "proposal", "kind", "version"),
                name="a_person_is_told_once_of_a_step_of_a_proposal",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="a_proposal_gives_its_reason",
                violation_error_message="Say why it belongs in the other register.",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decided_at", None), ("withdrawn_at", None)),
                fields=("entry",),
                name="an_entry_is_proposed_to_one_register_at_a_time",
                violation_error_message="This entry is proposed to another register already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("became", None), ("decided_at", None), ("refusal", "")),
                    models.Q(
                        ("became__isnull", False), ("decided_at__isnull", False), ("refusal", "")
                    ),
                    models.Q(
                        ("became", None),
                        ("decided_at__isnull", False),
                        models.Q(("refusal", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_decided_proposal_was_accepted_or_declined",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_at", None), ("withdrawn_at", None), _connector="OR"),
                name="a_proposal_is_decided_or_withdrawn_not_both",
            ),
        ),
        InstallFreeze(),
    ]
