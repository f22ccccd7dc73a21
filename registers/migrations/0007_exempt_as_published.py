"""A published edition keeps by which paragraph an entry was exempt, as its document says."""

import json

from django.db import migrations, models
from django.db.models import F

from registers.models.freeze import InstallFreeze, RemoveFreeze


def keep_what_documents_say(apps, schema_editor):
    """The flags of today may say something else: a document is what was published."""
    publications = apps.get_model("registers", "Publication").objects
    snapshots = apps.get_model("registers", "Snapshot").objects
    current = publications.filter(edition__state="published", issue=F("edition__issue"))
    for edition, document in current.values_list("edition", "document").iterator():
        for entry in json.loads(document)["entries"]:
            if entry["exempt"]:
                snapshots.filter(edition=edition, entry=entry["entry"]).update(
                    exempt_because=entry["exempt_reason"]
                )


class Migration(migrations.Migration):
    dependencies = [("registers", "0006_statements_are_frozen")]

    operations = [
        RemoveFreeze(),
        migrations.AddField(
            "historicalsnapshot",
            "exempt_because",
            models.CharField(blank=True, default="", editable=False, max_length=200),
        ),
        migrations.AddField(
            "snapshot",
            "exempt_because",
            models.CharField(blank=True, default="", editable=False, max_length=200),
        ),
        migrations.RunPython(keep_what_documents_say, migrations.RunPython.noop),
        InstallFreeze(),
    ]
