from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("councils", "0002_topic_projects")]

    operations = [
        migrations.AddField(
            model_name="agendaitem",
            name="heard",
            field=models.CharField(blank=True, max_length=200, verbose_name="直接相关方到会情况"),
        ),
    ]
