import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import assessments.models.bulletins
import assessments.models.quarters


class Migration(migrations.Migration):
    replaces = [("assessments", "0001_initial"), ("assessments", "0003_bulletins")]

    initial = True

    dependencies = [
        ("cases", "0001_tables"),
        ("grids", "0001_tables"),
        ("orgs", "0001_tables"),
        ("orgs", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="BulletinScheme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("lines", models.JSONField(verbose_name="分栏")),
                (
                    "min_sample",
                    models.PositiveSmallIntegerField(default=5, verbose_name="不足几件不排名"),
                ),
                ("is_active", models.BooleanField(default=False, verbose_name="在用")),
            ],
            options={
                "verbose_name": "通报方案",
                "verbose_name_plural": "通报方案",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="AssessmentScheme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("version", models.CharField(max_length=20, verbose_name="版本")),
                (
                    "grid_kind",
                    models.CharField(
                        choices=[
                            ("residential", "住宅小区"),
                            ("exclusive", "专属"),
                            ("reserved", "预留"),
                        ],
                        max_length=12,
                        verbose_name="适用网格",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="生效日期")),
            ],
            options={
                "verbose_name": "考核方案",
                "verbose_name_plural": "考核方案",
                "ordering": ["grid_kind", "-valid_from"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("grid_kind", "version"),
                        name="scheme_version_once",
                        violation_error_message="该类网格已有同版本方案。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Bulletin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "street",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="街道",
                    ),
                ),
                ("month", models.CharField(max_length=7, verbose_name="月份")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版本")),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.bulletinscheme",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=assessments.models.bulletins.bulletin_status_choices,
                        default="draft",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="更正原因")),
                ("content", models.JSONField(default=dict, verbose_name="内容")),
                ("cutoff", models.DateTimeField(verbose_name="截至")),
                (
                    "drafted_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="起草时间"
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="发布人",
                    ),
                ),
                ("issued_at", models.DateTimeField(null=True, verbose_name="发布时间")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="指纹")),
            ],
            options={
                "verbose_name": "月度通报",
                "verbose_name_plural": "月度通报",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("street", "month", "version"), name="bulletin_version_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "draft")),
                        fields=("street", "month"),
                        name="bulletin_one_draft",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuarterAssessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quarter", models.CharField(max_length=6, verbose_name="季度")),
                (
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="grids.grid",
                        verbose_name="网格",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.region",
                        verbose_name="区县",
                    ),
                ),
                (
                    "street",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="街道",
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="社区",
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.assessmentscheme",
                        verbose_name="方案",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=assessments.models.quarters.status_choices,
                        default="open",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                (
                    "grid_work",
                    models.DecimalField(
                        decimal_places=2, max_digits=5, null=True, verbose_name="网格工作"
                    ),
                ),
                (
                    "public_service",
                    models.DecimalField(
                        decimal_places=2, max_digits=5, null=True, verbose_name="为民服务"
                    ),
                ),
                (
                    "composite",
                    models.DecimalField(
                        decimal_places=2, max_digits=5, null=True, verbose_name="综合"
                    ),
                ),
                ("computed_at", models.DateTimeField(null=True, verbose_name="计算时间")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="开启时间")),
            ],
            options={
                "verbose_name": "季度考核",
                "verbose_name_plural": "季度考核",
                "indexes": [
                    models.Index(fields=["street", "quarter"], name="assessment_street"),
                    models.Index(fields=["community", "quarter"], name="assessment_community"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("quarter", "grid"), name="assessment_once_a_quarter"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SchemeItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="assessments.assessmentscheme",
                        verbose_name="方案",
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[("grid_work", "网格工作"), ("public_service", "为民服务")],
                        max_length=16,
                        verbose_name="部分",
                    ),
                ),
                ("indicator", models.CharField(max_length=40, verbose_name="指标")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                ("full", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="满分")),
                (
                    "target",
                    models.DecimalField(decimal_places=2, max_digits=5, verbose_name="目标（%）"),
                ),
                (
                    "slope",
                    models.DecimalField(
                        decimal_places=2, max_digits=5, verbose_name="每低 1 个百分点扣分"
                    ),
                ),
                (
                    "floor",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=5, verbose_name="保底分"
                    ),
                ),
                (
                    "zero_policy",
                    models.CharField(
                        choices=[
                            ("skip", "不计入，其余折算"),
                            ("full", "得满分"),
                            ("zero", "得零分"),
                        ],
                        default="skip",
                        max_length=6,
                        verbose_name="无样本时",
                    ),
                ),
            ],
            options={
                "verbose_name": "方案指标",
                "verbose_name_plural": "方案指标",
                "ordering": ["scheme", "part", "order"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("scheme", "indicator"),
                        name="scheme_indicator_once",
                        violation_error_message="方案里已有这个指标。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AssessmentItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="assessments.quarterassessment",
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[("grid_work", "网格工作"), ("public_service", "为民服务")],
                        max_length=16,
                        verbose_name="部分",
                    ),
                ),
                ("indicator", models.CharField(max_length=40, verbose_name="指标")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                ("numerator", models.PositiveIntegerField(verbose_name="分子")),
                ("denominator", models.PositiveIntegerField(verbose_name="分母")),
                ("full", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="满分")),
                (
                    "points",
                    models.DecimalField(
                        decimal_places=2, max_digits=5, null=True, verbose_name="得分"
                    ),
                ),
            ],
            options={
                "verbose_name": "考核指标得分",
                "verbose_name_plural": "考核指标得分",
                "ordering": ["part", "order"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assessment", "indicator"), name="assessment_indicator_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BulletinItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "bulletin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="assessments.bulletin",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.unit",
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                    ),
                ),
                ("row", models.CharField(max_length=24, verbose_name="行")),
                ("line", models.CharField(max_length=20, verbose_name="栏")),
                ("topic", models.CharField(max_length=40, verbose_name="一级类别")),
                (
                    "result",
                    models.CharField(
                        choices=[("on_time", "按时办结"), ("late", "超时办结"), ("open", "未办结")],
                        max_length=8,
                        verbose_name="办理",
                    ),
                ),
                ("answered", models.BooleanField(verbose_name="已回访")),
                ("unsatisfied", models.BooleanField(verbose_name="不满意")),
            ],
            options={
                "verbose_name": "通报明细",
                "verbose_name_plural": "通报明细",
                "indexes": [models.Index(fields=["bulletin", "row"], name="bulletin_row")],
                "constraints": [
                    models.UniqueConstraint(fields=("bulletin", "case"), name="bulletin_case_once")
                ],
            },
        ),
    ]
