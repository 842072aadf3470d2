"""The table of the cache that all processes share."""

from django.core.management import call_command
from django.db import migrations


def make_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("guide", "0002_plans_earlier_texts_and_view_codes")]
    operations = [migrations.RunPython(make_table, migrations.RunPython.noop)]
