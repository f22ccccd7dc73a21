"""Where wrong passwords are counted, for all processes together: the table of Django's cache."""

from django.core.management import call_command
from django.db import migrations

TABLE = "registers_limit"


def make(apps, schema_editor):
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {schema_editor.quote_name(TABLE)}")


class Migration(migrations.Migration):
    dependencies = [("registers", "0011_an_ended_entry_is_not_in_the_edition")]

    operations = [migrations.RunPython(make, drop)]
