"""The roles as groups, the controlled list of types to begin with, and the triggers."""

from django.db import migrations

from registers.access import ROLES
from registers.models.freeze import InstallFreeze

TYPES = {
    "Economic": ["Economy"],
    "Political": [],
    "Social": [],
    "Legal": ["Legal/regulatory"],
    "Organisational": ["Organizational", "Organisation"],
    "Reputational": ["Reputation"],
    "Environmental": ["Environment"],
    "Financial": ["Finance"],
    "People": ["Workforce"],
    "Service delivery": ["Service"],
    "Development & regeneration": ["Development and regeneration", "Regeneration"],
    "Technological": ["Technology", "ICT"],
    "Infrastructure": [],
}


def create_roles_and_types(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    for role in ROLES:
        group.objects.get_or_create(name=role)
    type_ = apps.get_model("registers", "Type")
    alias = apps.get_model("registers", "TypeAlias")
    for name, aliases in TYPES.items():
        row = type_.objects.create(name=name)
        for text in aliases:
            alias.objects.create(type=row, text=text)


class Migration(migrations.Migration):
    dependencies = [
        ("registers", "0001_first"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.RunPython(create_roles_and_types, migrations.RunPython.noop),
        InstallFreeze(),
    ]
