"""The open register is asked by time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_account_photos")]

    operations = [
        migrations.AddIndex(
            model_name="case", index=models.Index(fields=["created_at"], name="case_created")
        )
    ]
