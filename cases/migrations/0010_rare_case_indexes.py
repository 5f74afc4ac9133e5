"""Counts of the open cases from an index alone; rare kinds found without reading all cases."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_created_index")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["street", "community"],
                include=["id", "district", "level", "status", "pending", "step_due_at", "due_at", "lead_unit", "ended_at"],
                name="case_open_cover",
                condition=Q(ended_at=None),
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["-id"], name="case_supervised", condition=Q(supervised_at__isnull=False)
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["source", "-id"], name="case_source_newest"),
        ),
        migrations.AddIndex(
            model_name="case", index=models.Index(fields=["due_at"], name="case_due")
        ),
    ]  # fmt: skip
