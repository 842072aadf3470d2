"""The audit log keeps its details whole, and the database refuses the other ways to rewrite it too."""

from django.db import migrations, models

SQLITE = {
    "update": "BEFORE UPDATE ON guide_auditentry",
    "delete": "BEFORE DELETE ON guide_auditentry",
    # INSERT OR REPLACE deletes without firing the trigger above.
    "replace": "BEFORE INSERT ON guide_auditentry WHEN EXISTS (SELECT 1 FROM guide_auditentry WHERE id = NEW.id)",
}
FUNCTION = "guide_audit_log_append_only"


def guard_log(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name, when in SQLITE.items():
            schema_editor.execute(
                f"CREATE TRIGGER audit_log_no_{name} {when} BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
            )
    else:
        schema_editor.execute(
            f"CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON guide_auditentry FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
        )


def unguard_log(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in SQLITE:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS audit_log_no_{name}")
    else:
        schema_editor.execute("DROP TRIGGER IF EXISTS audit_log_no_truncate ON guide_auditentry")


class Migration(migrations.Migration):
    dependencies = [("guide", "0007_when_an_edition_was_planned")]
    operations = [
        # SQLite makes the table anew to change a column, and its triggers go with the old one.
        migrations.RunPython(unguard_log, guard_log),
        migrations.AlterField("auditentry", "detail", models.TextField(blank=True)),
        migrations.RunPython(guard_log, unguard_log),
    ]
