from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("residents", "0002_seed")]

    operations = [
        migrations.AddField(
            "corridorhead", "photo",
            models.CharField(
                blank=True, default="", editable=False, max_length=120, verbose_name="照片"
            ),
        ),
        migrations.AddField(
            "corridorhead", "shows_photo",
            models.BooleanField(default=False, verbose_name="同意公示照片"),
        ),
    ]  # fmt: skip
