"""Registers are listed by their place, and no longer by alphabet."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registers", "0009_an_entry_ends_once_in_an_edition")]

    operations = [
        migrations.AlterModelOptions(name="register", options={"ordering": ["id"]}),
    ]
