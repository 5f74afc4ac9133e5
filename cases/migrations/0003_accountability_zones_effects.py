"""问责记录, 区域时限, 跟踪问效, 答复模板 with their first texts, and where a case was found."""

from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from cases.templating import seed_templates


def seed(apps: Any, schema_editor: Any) -> None:
    seed_templates(apps.get_model("cases", "AnswerTemplate"))


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_seed"),
        ("grids", "0002_seed"),
        ("orgs", "0002_seed"),
        ("residents", "0002_seed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AnswerTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                (
                    "move",
                    models.CharField(
                        choices=[
                            ("feedback", "反馈办结"),
                            ("reject", "不予受理"),
                            ("contact", "联系反映人"),
                            ("wait", "等反映人补充"),
                            ("reply", "回复督办"),
                            ("return_back", "退回"),
                            ("gather", "汇总反馈"),
                        ],
                        max_length=16,
                        verbose_name="用在哪一步",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="可用：{编号} {类别} {地点} {网格} {社区} {牵头单位} {上报日期} {今天}",
                        max_length=1000,
                        verbose_name="正文",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        help_text="不选就是所有类别；选大类时，下面的小类都适用",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cases.category",
                        verbose_name="类别",
                    ),
                ),
                (
                    "street",
                    models.ForeignKey(
                        blank=True,
                        help_text="不选就是全平台",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="街道",
                    ),
                ),
            ],
            options={
                "verbose_name": "答复模板",
                "verbose_name_plural": "答复模板",
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="CaseOrigin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="origin",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                (
                    "door",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="case_origins",
                        to="residents.campaigndoor",
                        verbose_name="专项排查的门户",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case_origins",
                        to="residents.visit",
                        verbose_name="走访",
                    ),
                ),
            ],
            options={
                "verbose_name": "事项来源",
                "verbose_name_plural": "事项来源",
            },
        ),
        migrations.CreateModel(
            name="ZoneLimit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        help_text="例如：学校周边占道当日清理", max_length=100, verbose_name="依据"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        help_text="选大类时，下面的小类都适用；不选就是所有类别",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cases.category",
                        verbose_name="类别",
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="社区",
                    ),
                ),
                (
                    "grid",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="grids.grid",
                        verbose_name="网格",
                    ),
                ),
                (
                    "sla_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.slaclass",
                        verbose_name="办理时限",
                    ),
                ),
                (
                    "street",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="街道",
                    ),
                ),
            ],
            options={
                "verbose_name": "区域时限",
                "verbose_name_plural": "区域时限",
                "ordering": ["street", "community", "grid", "category", "id"],
            },
        ),
        migrations.CreateModel(
            name="Accountability",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField(default=1, verbose_name="第几轮")),
                ("subject", models.CharField(max_length=80, verbose_name="责任对象")),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("overdue", "督办后仍超期未办结"),
                            ("no_reply", "逾期不回复督办"),
                            ("no_show", "吹哨不到场"),
                            ("false_result", "虚假办结"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="事由",
                    ),
                ),
                ("facts", models.TextField(verbose_name="事实")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "待决定"),
                            ("issued", "已问责"),
                            ("dropped", "不予问责"),
                        ],
                        default="proposed",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[("remind", "提醒"), ("talk", "约谈"), ("named", "通报")],
                        max_length=8,
                        verbose_name="方式",
                    ),
                ),
                (
                    "raised_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="提出时间"
                    ),
                ),
                ("decision", models.TextField(blank=True, verbose_name="处理意见")),
                (
                    "decided_label",
                    models.CharField(blank=True, max_length=80, verbose_name="决定单位"),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="决定时间")),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accountability",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="决定人",
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.unit",
                        verbose_name="责任单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "问责记录",
                "verbose_name_plural": "问责记录",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["state", "-id"], name="accountability_state"),
                    models.Index(fields=["case"], name="accountability_case"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("raised_by", None)),
                        fields=("case", "cycle"),
                        name="accountability_clock_once",
                        violation_error_message="这一轮已经由系统提出过。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "issued")),
                        fields=("case", "cycle", "kind"),
                        name="accountability_kind_once",
                        violation_error_message="这一轮已经这样问责过。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EffectReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField(default=1, verbose_name="第几轮")),
                ("days", models.PositiveSmallIntegerField(verbose_name="销号后几天")),
                ("due_on", models.DateField(verbose_name="应查日期")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "待核查"), ("done", "已核查"), ("lapsed", "不再需要")],
                        default="waiting",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                (
                    "chosen_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="列入时间"
                    ),
                ),
                (
                    "effect",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("lasting", "成效保持"),
                            ("partly", "部分反弹，已当场处理"),
                            ("relapsed", "反弹，重新办理"),
                        ],
                        max_length=8,
                        verbose_name="成效",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="核查情况")),
                (
                    "done_label",
                    models.CharField(blank=True, max_length=80, verbose_name="核查单位"),
                ),
                ("done_at", models.DateTimeField(null=True, verbose_name="核查时间")),
                ("told_at", models.DateTimeField(editable=False, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="effects",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                (
                    "chosen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="列入人",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核查人",
                    ),
                ),
            ],
            options={
                "verbose_name": "跟踪问效",
                "verbose_name_plural": "跟踪问效",
                "ordering": ["due_on", "id"],
                "indexes": [models.Index(fields=["state", "due_on"], name="effect_review_due")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "cycle", "days"),
                        name="effect_review_once",
                        violation_error_message="这件事项已经列入过。",
                    )
                ],
            },
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
