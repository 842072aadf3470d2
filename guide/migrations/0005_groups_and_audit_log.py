"""The groups of staff with their permissions, and a log that the database itself refuses to change."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = {
    "Editors": ("view_document", "change_document", "add_document", "view_revision", "view_edition"),
    "Clinical reviewers": ("view_document", "review_document", "view_revision", "view_edition"),
    "Publishers": ("view_document", "publish_document", "view_revision", "view_edition", "view_release", "view_auditentry"),
}

SQLITE = """
CREATE TRIGGER audit_log_no_{verb} BEFORE {VERB} ON guide_auditentry
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
"""
POSTGRES = (
    """
    CREATE FUNCTION guide_audit_log_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$
    """,
    """
    CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON guide_auditentry
    FOR EACH ROW EXECUTE FUNCTION guide_audit_log_append_only()
    """,
)


def make_groups(apps, schema_editor):
    config = apps.get_app_config("guide")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        found = Permission.objects.filter(content_type__app_label="guide", codename__in=codenames)
        assert found.count() == len(codenames), name
        group.permissions.add(*found)


def guard_log(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for verb in ("update", "delete"):
            schema_editor.execute(SQLITE.format(verb=verb, VERB=verb.upper()))
    else:
        for statement in POSTGRES:
            schema_editor.execute(statement)


def unguard_log(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for verb in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER audit_log_no_{verb}")
    else:
        schema_editor.execute("DROP FUNCTION guide_audit_log_append_only() CASCADE")


class Migration(migrations.Migration):
    dependencies = [
        ("guide", "0004_editing_with_review"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(make_groups, migrations.RunPython.noop),
        migrations.RunPython(guard_log, unguard_log),
    ]
