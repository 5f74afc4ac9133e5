"""Seed the customary table (12345热线, 政民互动) and a wider one; administrators switch in the admin."""

from typing import Any

from django.db import migrations

CUSTOMARY = [
    {"code": "hotline", "title": "12345热线", "sources": ["hotline"]},
    {"code": "civic", "title": "政民互动", "sources": ["web", "wechat", "counter"]},
]
GRID = {
    "code": "grid", "title": "网格上报",
    "sources": ["patrol", "visit", "governance", "corridor_head", "member", "leader", "topic"],
}  # fmt: skip


def seed(apps: Any, schema_editor: Any) -> None:
    schemes = apps.get_model("assessments", "BulletinScheme")
    if not schemes.objects.exists():
        schemes.objects.create(name="12345热线和政民互动", lines=CUSTOMARY, is_active=True)
        schemes.objects.create(name="全部来源", lines=[*CUSTOMARY, GRID])


class Migration(migrations.Migration):
    dependencies = [("assessments", "0003_bulletins")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
