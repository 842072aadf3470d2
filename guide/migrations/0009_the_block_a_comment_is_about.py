"""A comment knows the block that its passage stood in; those written before know none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("guide", "0008_audit_log_whole")]
    operations = [migrations.AddField("comment", "block", models.CharField(blank=True, default="", max_length=120), preserve_default=False)]
