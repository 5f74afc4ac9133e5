"""The open interface as an outside system, and the first questions apps ask."""

from typing import Any

from django.db import migrations

# category slug: code, question, datatype, options, required
QUESTIONS = {
    "facilities-lamp": ("pole", "灯杆编号（杆上的牌子）", "string", "", False),
    "facilities-road": ("damage", "是什么损坏", "singlevaluelist", "坑洞\n裂缝\n沉陷\n盲道破损\n其他", False),
    "safety-ebike": ("seen", "看到的情况", "multivaluelist", "飞线充电\n楼道停放\n入户充电\n电池过热", False),
    "property-lift": ("lift", "电梯编号或位置", "string", "", False),
}  # fmt: skip


def seed(apps: Any, schema_editor: Any) -> None:
    apps.get_model("cases", "ExternalSystem").objects.get_or_create(
        code="open311", defaults={"name": "开放接口", "source": "open311"}
    )
    questions = apps.get_model("cases", "CategoryQuestion").objects
    for category in apps.get_model("cases", "Category").objects.filter(slug__in=QUESTIONS):
        code, label, datatype, options, required = QUESTIONS[category.slug]
        questions.get_or_create(
            category=category, code=code,
            defaults={
                "label": label, "datatype": datatype, "options": options, "required": required
            },
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_apps_of_others")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
