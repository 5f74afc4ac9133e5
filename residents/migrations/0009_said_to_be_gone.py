"""Rows of a roster that say 迁出 or 死亡 are offered for a decision."""

from django.db import migrations, models

KINDS = [("missing", "名单里没有"), ("moved", "名单写明迁出"), ("died", "名单写明死亡")]
STATES = [
    ("open", "待核实"), ("later", "稍后再核"), ("moved", "已办迁出"), ("died", "已登记死亡"),
    ("stays", "仍住这里"), ("expired", "已失效"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("residents", "0008_corridor_heads")]

    operations = [
        migrations.AddField(
            "rosterabsence",
            "kind",
            models.CharField("来由", choices=KINDS, default="missing", max_length=10),
        ),
        migrations.AddField(
            "rosterabsence", "said_on", models.DateField("名单上的日期", null=True)
        ),
        migrations.AlterField(
            "rosterabsence",
            "state",
            models.CharField("状态", choices=STATES, default="open", max_length=10),
        ),
    ]
