import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import cases.models.attachments
import cases.statuses
import orgs.fields


class Migration(migrations.Migration):
    replaces = [
        ("cases", "0001_initial"),
        ("cases", "0003_requests_and_supervision"),
        ("cases", "0004_revisit_seeds"),
        ("cases", "0005_trail_chain"),
        ("cases", "0007_routing_rules"),
        ("cases", "0008_category_counts"),
        ("cases", "0009_ledgers"),
        ("cases", "0011_whistle_scores"),
        ("cases", "0012_external_orders"),
        ("cases", "0014_case_parts"),
        ("cases", "0015_ratings"),
        ("cases", "0016_revisit_each_reporter"),
    ]

    initial = True

    dependencies = [
        ("grids", "0001_tables"),
        ("orgs", "0001_tables"),
        ("orgs", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseNumberCounter",
            fields=[
                ("prefix", models.CharField(max_length=14, primary_key=True, serialize=False)),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "事项编号",
                "verbose_name_plural": "事项编号",
            },
        ),
        migrations.CreateModel(
            name="ExternalSystem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=20, unique=True, verbose_name="代号")),
                ("name", models.CharField(max_length=30, verbose_name="名称")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("patrol", "网格员巡查"),
                            ("visit", "走访"),
                            ("web", "居民扫码（网页）"),
                            ("wechat", "微信群"),
                            ("hotline", "12345转办"),
                            ("governance", "综治一网清"),
                            ("corridor_head", "红色楼道长"),
                            ("member", "党员"),
                            ("leader", "领导交办"),
                            ("topic", "议事转化"),
                            ("counter", "来电来访"),
                        ],
                        max_length=16,
                        verbose_name="事项来源",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
            ],
            options={
                "verbose_name": "外部系统",
                "verbose_name_plural": "外部系统",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="LearningMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("last_event", models.PositiveBigIntegerField(default=0)),
                ("learned_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "类别推荐进度",
                "verbose_name_plural": "类别推荐进度",
            },
        ),
        migrations.CreateModel(
            name="LedgerScheme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="代号")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                (
                    "owner_level",
                    models.CharField(
                        choices=[("grid", "网格"), ("community", "社区"), ("street", "街道")],
                        default="community",
                        max_length=10,
                        verbose_name="建账层级",
                    ),
                ),
                ("lists", models.JSONField(blank=True, default=list, verbose_name="清单")),
                ("is_active", models.BooleanField(default=False, verbose_name="在用")),
            ],
            options={
                "verbose_name": "台账方案",
                "verbose_name_plural": "台账方案",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="RevisitSeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.CharField(max_length=7, unique=True, verbose_name="月份")),
                ("commitment", models.CharField(max_length=64, verbose_name="种子承诺")),
                ("committed_at", models.DateTimeField(verbose_name="承诺时间")),
                ("seed", models.CharField(blank=True, max_length=64, verbose_name="公布的种子")),
                ("published_at", models.DateTimeField(null=True, verbose_name="公布时间")),
            ],
            options={
                "verbose_name": "回访抽样种子",
                "verbose_name_plural": "回访抽样种子",
                "ordering": ["-month"],
            },
        ),
        migrations.CreateModel(
            name="SlaClass",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30, unique=True, verbose_name="代号")),
                ("name", models.CharField(max_length=20, verbose_name="名称")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                (
                    "check_amount",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="核实"),
                ),
                (
                    "check_unit",
                    models.CharField(
                        choices=[("minutes", "分钟"), ("hours", "小时"), ("workdays", "工作日")],
                        max_length=8,
                        verbose_name="核实单位",
                    ),
                ),
                (
                    "sign_amount",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="签收（到场）"
                    ),
                ),
                (
                    "sign_unit",
                    models.CharField(
                        choices=[("minutes", "分钟"), ("hours", "小时"), ("workdays", "工作日")],
                        max_length=8,
                        verbose_name="签收单位",
                    ),
                ),
                (
                    "contact_amount",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="首次联系"
                    ),
                ),
                (
                    "contact_unit",
                    models.CharField(
                        choices=[("minutes", "分钟"), ("hours", "小时"), ("workdays", "工作日")],
                        max_length=8,
                        verbose_name="联系单位",
                    ),
                ),
                (
                    "handle_amount",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="办理"),
                ),
                (
                    "handle_unit",
                    models.CharField(
                        choices=[("minutes", "分钟"), ("hours", "小时"), ("workdays", "工作日")],
                        max_length=8,
                        verbose_name="办理单位",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
            ],
            options={
                "verbose_name": "办理时限",
                "verbose_name_plural": "办理时限",
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="TrailRoot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True, verbose_name="日期")),
                ("count", models.PositiveIntegerField(verbose_name="记录数")),
                ("root", models.CharField(max_length=64, verbose_name="当日存证")),
            ],
            options={
                "verbose_name": "每日存证",
                "verbose_name_plural": "每日存证",
                "ordering": ["-day"],
            },
        ),
        migrations.CreateModel(
            name="RevisitDraw",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.CharField(max_length=7, verbose_name="月份")),
                (
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisit_draws",
                        to="grids.grid",
                        verbose_name="网格",
                    ),
                ),
                ("population", models.PositiveIntegerField(verbose_name="当月销号数")),
                ("quota", models.PositiveIntegerField(verbose_name="应抽数")),
                ("seed", models.CharField(max_length=64, verbose_name="随机种子")),
                ("listed", models.JSONField(default=list, verbose_name="名单")),
                ("mandatory", models.JSONField(default=list, verbose_name="必访编号")),
                ("list_hash", models.CharField(blank=True, max_length=64, verbose_name="名单指纹")),
                ("case_nos", models.JSONField(default=list, verbose_name="抽中编号")),
                ("joined", models.JSONField(default=dict, verbose_name="并入的反映")),
                (
                    "drawn_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="抽取时间"
                    ),
                ),
            ],
            options={
                "verbose_name": "回访抽样",
                "verbose_name_plural": "回访抽样",
                "ordering": ["-month", "grid"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month", "grid"), name="revisit_draw_month_grid"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=40, unique=True, verbose_name="代号")),
                ("name", models.CharField(max_length=30, verbose_name="名称")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="cases.category",
                        verbose_name="上级类别",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                (
                    "sla_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.slaclass",
                        verbose_name="默认办理时限",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("grid", "网格"), ("community", "社区"), ("street", "街道")],
                        default="grid",
                        max_length=10,
                        verbose_name="默认层级",
                    ),
                ),
                (
                    "lead_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="orgs.unit",
                        verbose_name="默认牵头单位",
                    ),
                ),
                (
                    "confidential",
                    models.BooleanField(default=False, verbose_name="对承办单位隐去反映人"),
                ),
                ("needs_photo", models.BooleanField(default=False, verbose_name="反馈须附照片")),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
            ],
            options={
                "verbose_name": "事项类别",
                "verbose_name_plural": "事项类别",
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="ExchangeLog",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="logs",
                        to="cases.externalsystem",
                        verbose_name="外部系统",
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
                    "way",
                    models.CharField(
                        choices=[("in", "接收"), ("out", "回传")], max_length=3, verbose_name="方向"
                    ),
                ),
                ("carrier", models.CharField(max_length=200, verbose_name="文件或接口")),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="指纹")),
                (
                    "job",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="orgs.importjob",
                        verbose_name="导入任务",
                    ),
                ),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="行数")),
                ("counts", models.JSONField(default=dict, verbose_name="结果")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
            ],
            options={
                "verbose_name": "交换记录",
                "verbose_name_plural": "交换记录",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["street", "-id"], name="exchange_log_street")],
            },
        ),
        migrations.CreateModel(
            name="LedgerFreeze",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.ledgerscheme",
                        verbose_name="方案",
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
                    "scope",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="建账单位",
                    ),
                ),
                ("month", models.CharField(max_length=7, verbose_name="月份")),
                ("list_code", models.CharField(max_length=20, verbose_name="清单")),
                ("title", models.CharField(max_length=120, verbose_name="标题")),
                ("header", models.JSONField(verbose_name="表头")),
                ("rows", models.JSONField(verbose_name="内容")),
                ("sha256", models.CharField(max_length=64, verbose_name="指纹")),
                (
                    "frozen_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="封存人",
                    ),
                ),
                (
                    "frozen_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="封存时间"
                    ),
                ),
            ],
            options={
                "verbose_name": "台账封存",
                "verbose_name_plural": "台账封存",
                "ordering": ["-month", "scope", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("scheme", "scope", "month", "list_code"), name="ledger_freeze_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SheetColumn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.externalsystem",
                        verbose_name="外部系统",
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
                ("header", models.CharField(max_length=30, verbose_name="表头")),
                ("column", models.CharField(max_length=20, verbose_name="对应的列")),
            ],
            options={
                "verbose_name": "列名对照",
                "verbose_name_plural": "列名对照",
                "ordering": ["header", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("system", "street", "header"), name="sheet_column_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "case_no",
                    models.CharField(
                        editable=False, max_length=20, unique=True, verbose_name="编号"
                    ),
                ),
                (
                    "tracking_code",
                    models.CharField(
                        editable=False, max_length=8, unique=True, verbose_name="查询码"
                    ),
                ),
                (
                    "client_key",
                    models.CharField(editable=False, max_length=100, null=True, unique=True),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.region",
                        verbose_name="区县",
                    ),
                ),
                (
                    "street",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="街道",
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="社区",
                    ),
                ),
                (
                    "grid",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="grids.grid",
                        verbose_name="网格",
                    ),
                ),
                (
                    "building",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="grids.building",
                        verbose_name="楼栋",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="地点")),
                ("text", models.TextField(verbose_name="问题描述")),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="cases.category",
                        verbose_name="类别",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("patrol", "网格员巡查"),
                            ("visit", "走访"),
                            ("web", "居民扫码（网页）"),
                            ("wechat", "微信群"),
                            ("hotline", "12345转办"),
                            ("governance", "综治一网清"),
                            ("corridor_head", "红色楼道长"),
                            ("member", "党员"),
                            ("leader", "领导交办"),
                            ("topic", "议事转化"),
                            ("counter", "来电来访"),
                        ],
                        max_length=16,
                        verbose_name="来源",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("grid", "网格"), ("community", "社区"), ("street", "街道")],
                        default="grid",
                        max_length=10,
                        verbose_name="层级",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=cases.statuses.status_choices,
                        default="reported",
                        editable=False,
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                (
                    "sla_class",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.slaclass",
                        verbose_name="办理时限类别",
                    ),
                ),
                (
                    "reporter_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reported_cases",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上报人",
                    ),
                ),
                (
                    "reporter_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reported_cases",
                        to="orgs.person",
                        verbose_name="反映人",
                    ),
                ),
                (
                    "reporter_name",
                    models.CharField(blank=True, max_length=60, verbose_name="反映人姓名"),
                ),
                (
                    "reporter_phone",
                    orgs.fields.SealedField(
                        blank=True, default="", editable=False, verbose_name="联系电话"
                    ),
                ),
                ("anonymous", models.BooleanField(default=False, verbose_name="匿名")),
                ("confidential", models.BooleanField(default=False, verbose_name="保密")),
                (
                    "lead_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="led_cases",
                        to="orgs.unit",
                        verbose_name="牵头单位",
                    ),
                ),
                (
                    "holder_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="held_cases",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="承办人",
                    ),
                ),
                ("in_grid", models.BooleanField(default=True, verbose_name="未出网格")),
                ("outcome", models.CharField(blank=True, max_length=12, verbose_name="办理结果")),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="cases.case",
                        verbose_name="并入",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="cases.case",
                        verbose_name="拆自",
                    ),
                ),
                (
                    "was_split",
                    models.BooleanField(default=False, editable=False, verbose_name="已分件"),
                ),
                (
                    "pending",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("extension", "延期申请（社区答复）"),
                            ("extension_street", "延期申请（街道答复）"),
                            ("hang", "挂账申请（街道答复）"),
                        ],
                        max_length=20,
                        verbose_name="待答复",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="上报时间"
                    ),
                ),
                (
                    "accepted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="立案时间"),
                ),
                (
                    "first_contact_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="首次联系时间"),
                ),
                (
                    "whistled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="吹哨时间"),
                ),
                (
                    "clock_started_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="计时开始"),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="办理期限")),
                (
                    "original_due_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="原定期限"),
                ),
                (
                    "contact_due_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="首次联系期限"),
                ),
                (
                    "sign_due_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="签收期限"),
                ),
                ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="签收时间")),
                (
                    "status_since",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="进入本状态"
                    ),
                ),
                (
                    "step_due_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="本步期限"),
                ),
                (
                    "fed_back_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="反馈时间"),
                ),
                (
                    "verified_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="核查时间"),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="销号时间")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                (
                    "appealed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="申诉时间"),
                ),
                (
                    "waiting_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="等待反映人至"),
                ),
                (
                    "left_workdays",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="挂账时剩余工作日"
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField(default=1, verbose_name="第几轮")),
                (
                    "rework_count",
                    models.PositiveSmallIntegerField(default=0, verbose_name="返工次数"),
                ),
                ("urged_at", models.DateTimeField(blank=True, null=True, verbose_name="最近催办")),
                (
                    "supervised_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="督办时间"),
                ),
                (
                    "reply_due_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="督办回复期限"),
                ),
                (
                    "lifted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="督办解除时间"),
                ),
                ("overdue_stage", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("step_urged", models.BooleanField(default=False, editable=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("trail_head", models.CharField(blank=True, editable=False, max_length=64)),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
            ],
            options={
                "verbose_name": "事项",
                "verbose_name_plural": "事项",
                "indexes": [
                    models.Index(fields=["district", "status", "-id"], name="case_district_status"),
                    models.Index(fields=["district", "-id"], name="case_district_newest"),
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["district", "-id"],
                        name="case_district_open",
                    ),
                    models.Index(fields=["street", "status", "-id"], name="case_street_status"),
                    models.Index(fields=["street", "-id"], name="case_street_newest"),
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["street", "-id"],
                        name="case_street_open",
                    ),
                    models.Index(
                        fields=["community", "status", "-id"], name="case_community_status"
                    ),
                    models.Index(fields=["community", "-id"], name="case_community_newest"),
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["community", "-id"],
                        name="case_community_open",
                    ),
                    models.Index(fields=["grid", "status", "-id"], name="case_grid_status"),
                    models.Index(fields=["grid", "-id"], name="case_grid_newest"),
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["grid", "-id"],
                        name="case_grid_open",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["due_at"],
                        name="case_open_due",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["step_due_at"],
                        name="case_open_step",
                    ),
                    models.Index(fields=["closed_at"], name="case_closed"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CategoryCounts",
            fields=[
                (
                    "category",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="cases.category",
                        verbose_name="类别",
                    ),
                ),
                ("cases", models.PositiveIntegerField(default=0, verbose_name="学过的事项")),
                ("pairs", models.JSONField(default=dict, verbose_name="字对次数")),
            ],
            options={
                "verbose_name": "类别推荐",
                "verbose_name_plural": "类别推荐",
            },
        ),
        migrations.CreateModel(
            name="CategoryCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="codes",
                        to="cases.externalsystem",
                        verbose_name="外部系统",
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
                ("word", models.CharField(max_length=80, verbose_name="对方的分类")),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.category",
                        verbose_name="本平台的类别",
                    ),
                ),
            ],
            options={
                "verbose_name": "分类对照",
                "verbose_name_plural": "分类对照",
                "ordering": ["word", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("system", "street", "word"), name="category_code_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RoutingRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        help_text="从小到大判断，第一条符合的规则生效", verbose_name="规则号"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                (
                    "street",
                    models.ForeignKey(
                        blank=True,
                        help_text="留空为全平台的规则，只有系统管理员能设",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="街道（社区）",
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.grid",
                        verbose_name="网格",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        help_text="选大类时包括它的小类",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.category",
                        verbose_name="类别",
                    ),
                ),
                (
                    "words",
                    models.CharField(
                        blank=True,
                        help_text="用、隔开，例如：路灯、灯杆",
                        max_length=200,
                        verbose_name="关键词",
                    ),
                ),
                (
                    "words_mode",
                    models.CharField(
                        choices=[("any", "有其中一个"), ("all", "全部都有")],
                        default="any",
                        max_length=3,
                        verbose_name="关键词要求",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("patrol", "网格员巡查"),
                            ("visit", "走访"),
                            ("web", "居民扫码（网页）"),
                            ("wechat", "微信群"),
                            ("hotline", "12345转办"),
                            ("governance", "综治一网清"),
                            ("corridor_head", "红色楼道长"),
                            ("member", "党员"),
                            ("leader", "领导交办"),
                            ("topic", "议事转化"),
                            ("counter", "来电来访"),
                        ],
                        max_length=16,
                        verbose_name="来源",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.unit",
                        verbose_name="建议牵头单位",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[("grid", "网格"), ("community", "社区"), ("street", "街道")],
                        max_length=10,
                        verbose_name="建议层级",
                    ),
                ),
                (
                    "sla_class",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.slaclass",
                        verbose_name="建议办理时限",
                    ),
                ),
                ("final", models.BooleanField(default=False, verbose_name="建议指定承办")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="自")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="至")),
                (
                    "is_active",
                    models.BooleanField(default=False, editable=False, verbose_name="在用"),
                ),
            ],
            options={
                "verbose_name": "派单规则",
                "verbose_name_plural": "派单规则",
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField(default=1, verbose_name="第几轮")),
                ("move", models.CharField(max_length=16, verbose_name="动作")),
                (
                    "from_status",
                    models.CharField(
                        blank=True,
                        choices=cases.statuses.status_choices,
                        max_length=12,
                        verbose_name="原状态",
                    ),
                ),
                (
                    "to_status",
                    models.CharField(
                        choices=cases.statuses.status_choices, max_length=12, verbose_name="新状态"
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间"),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="操作人",
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=16, verbose_name="身份")),
                ("org_label", models.CharField(blank=True, max_length=80, verbose_name="单位")),
                ("note", models.TextField(blank=True, verbose_name="说明")),
                ("data", models.JSONField(default=dict, verbose_name="详情")),
                ("note_digest", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "digest",
                    models.CharField(
                        blank=True, editable=False, max_length=64, verbose_name="存证"
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="写入时间"
                    ),
                ),
            ],
            options={
                "verbose_name": "事项记录",
                "verbose_name_plural": "事项记录",
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["case", "id"], name="case_event_order"),
                    models.Index(fields=["recorded_at"], name="case_event_recorded"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField(default=1, verbose_name="第几轮")),
                (
                    "kind",
                    models.CharField(
                        choices=[("extension", "延期"), ("hang", "挂账")],
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待答复"),
                            ("granted", "同意"),
                            ("refused", "不同意"),
                            ("lapsed", "已失效"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("history", "历史遗留"),
                            ("ownership", "权属不清"),
                            ("funds", "资金未落实"),
                            ("policy", "政策不明"),
                        ],
                        max_length=12,
                        verbose_name="原因",
                    ),
                ),
                ("measure", models.CharField(blank=True, max_length=200, verbose_name="临时措施")),
                ("note", models.TextField(verbose_name="理由")),
                ("until", models.DateTimeField(verbose_name="申请至")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申请人",
                    ),
                ),
                ("asked_as", models.CharField(blank=True, max_length=80, verbose_name="申请单位")),
                ("asked_at", models.DateTimeField(verbose_name="申请时间")),
                ("decide_by", models.DateTimeField(verbose_name="答复期限")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="答复人",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="答复时间")),
                ("answer", models.TextField(blank=True, verbose_name="答复")),
            ],
            options={
                "verbose_name": "延期和挂账申请",
                "verbose_name_plural": "延期和挂账申请",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["case", "cycle"], name="case_request_case")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("case",),
                        name="case_request_one_waiting",
                        violation_error_message="已有一个申请在等待答复。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case_tasks",
                        to="orgs.unit",
                        verbose_name="单位",
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField(default=1, verbose_name="第几轮")),
                ("is_lead", models.BooleanField(verbose_name="牵头")),
                ("whistled", models.BooleanField(default=False, verbose_name="吹哨")),
                ("final", models.BooleanField(default=False, verbose_name="指定承办")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="派发时间"
                    ),
                ),
                ("return_until", models.DateTimeField(null=True, verbose_name="可退回至")),
                ("arrive_due_at", models.DateTimeField(null=True, verbose_name="到场期限")),
                ("arrived_at", models.DateTimeField(null=True, verbose_name="到场时间")),
                (
                    "arrived_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="报到人",
                    ),
                ),
                ("no_show_stage", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("place", models.CharField(blank=True, max_length=100, verbose_name="到场地点")),
                ("longitude", models.FloatField(null=True, verbose_name="经度")),
                ("latitude", models.FloatField(null=True, verbose_name="纬度")),
                ("sign_due_at", models.DateTimeField(null=True, verbose_name="签收期限")),
                ("signed_at", models.DateTimeField(null=True, verbose_name="签收时间")),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="签收人",
                    ),
                ),
                ("fed_back_at", models.DateTimeField(null=True, verbose_name="反馈时间")),
                ("waived_at", models.DateTimeField(null=True, verbose_name="免反馈时间")),
                ("returned_at", models.DateTimeField(null=True, verbose_name="退回时间")),
                (
                    "return_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_our_duty", "不属于本单位职责"),
                            ("not_our_area", "不属于本单位管辖范围"),
                            ("needs_other_lead", "应由其他单位牵头"),
                            ("unclear", "情况不清，需补充核实"),
                        ],
                        max_length=20,
                        verbose_name="退回原因",
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="结束时间")),
            ],
            options={
                "verbose_name": "承办任务",
                "verbose_name_plural": "承办任务",
                "ordering": ["case", "-is_lead", "id"],
                "indexes": [
                    models.Index(fields=["case", "cycle"], name="case_task_case"),
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["unit", "-case"],
                        name="case_task_unit_open",
                    ),
                    models.Index(
                        condition=models.Q(("whistled", True)),
                        fields=["created_at"],
                        name="case_task_whistled",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("arrived_at", None), ("ended_at", None), ("whistled", True)
                        ),
                        fields=["arrive_due_at"],
                        name="case_task_absent",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("case", "unit"),
                        name="case_task_once_open",
                        violation_error_message="该单位已在办理这一事项。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExternalOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="cases.externalsystem",
                        verbose_name="外部系统",
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
                ("external_id", models.CharField(max_length=64, verbose_name="工单编号")),
                (
                    "case",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="external_order",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                ("received_at", models.DateTimeField(null=True, verbose_name="来电时间")),
                ("due_at", models.DateTimeField(null=True, verbose_name="来件时限")),
                ("text", models.TextField(verbose_name="诉求内容")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="地点")),
                (
                    "category_word",
                    models.CharField(blank=True, max_length=80, verbose_name="诉求分类"),
                ),
                ("note", models.CharField(blank=True, max_length=1000, verbose_name="备注")),
                ("confidential", models.BooleanField(default=False, verbose_name="保密")),
                ("caller_name", models.CharField(blank=True, max_length=60, verbose_name="来电人")),
                (
                    "caller_phone",
                    orgs.fields.SealedField(
                        blank=True, default="", editable=False, verbose_name="联系电话"
                    ),
                ),
                (
                    "problem",
                    models.CharField(blank=True, max_length=200, verbose_name="待定位原因"),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="接收时间")),
                ("changed_at", models.DateTimeField(verbose_name="最近变更")),
                ("handed_back_at", models.DateTimeField(null=True, verbose_name="回传时间")),
            ],
            options={
                "verbose_name": "外部工单",
                "verbose_name_plural": "外部工单",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["street", "-id"], name="external_order_street"),
                    models.Index(
                        condition=models.Q(("case", None)),
                        fields=["street", "-id"],
                        name="external_order_waiting",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("system", "street", "external_id"), name="external_order_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.ledgerscheme",
                        verbose_name="方案",
                    ),
                ),
                (
                    "scope",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="社区",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("serial", models.PositiveIntegerField(verbose_name="序号")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_entries",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
            ],
            options={
                "verbose_name": "台账序号",
                "verbose_name_plural": "台账序号",
                "constraints": [
                    models.UniqueConstraint(fields=("case", "scheme"), name="ledger_case_once"),
                    models.UniqueConstraint(
                        fields=("scheme", "scope", "year", "serial"), name="ledger_serial_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ratings",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                        verbose_name="反映",
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField(default=1, verbose_name="第几轮")),
                ("month", models.CharField(max_length=7, verbose_name="销号月份")),
                (
                    "satisfaction",
                    models.CharField(
                        choices=[
                            ("satisfied", "满意"),
                            ("basically", "基本满意"),
                            ("unsatisfied", "不满意"),
                        ],
                        max_length=12,
                        verbose_name="满意度",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("attitude", "服务态度"),
                            ("speed", "办理效率"),
                            ("result", "办理结果"),
                            ("unreasonable", "诉求不合理"),
                        ],
                        max_length=14,
                        verbose_name="不满意原因",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="说明")),
                (
                    "rated_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="评价时间"
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="修改时间"),
                ),
            ],
            options={
                "verbose_name": "群众自评",
                "verbose_name_plural": "群众自评",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["case", "-id"], name="rating_case"),
                    models.Index(fields=["month"], name="rating_month"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "cycle"),
                        name="rating_report_cycle",
                        violation_error_message="这次办理已经评价过。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Revisit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisits",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                (
                    "merged",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                        verbose_name="并入的反映",
                    ),
                ),
                (
                    "draw",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisits",
                        to="cases.revisitdraw",
                        verbose_name="抽样",
                    ),
                ),
                ("month", models.CharField(max_length=7, verbose_name="月份")),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisits",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="回访员",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "待回访"),
                            ("done", "已回访"),
                            ("unreached", "未联系上"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "solved",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "已解决"), ("partly", "部分解决"), ("no", "未解决")],
                        max_length=8,
                        verbose_name="是否解决",
                    ),
                ),
                (
                    "satisfaction",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("satisfied", "满意"),
                            ("basically", "基本满意"),
                            ("unsatisfied", "不满意"),
                        ],
                        max_length=12,
                        verbose_name="满意度",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("attitude", "服务态度"),
                            ("speed", "办理效率"),
                            ("result", "办理结果"),
                            ("unreasonable", "诉求不合理"),
                        ],
                        max_length=14,
                        verbose_name="不满意原因",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=1000, verbose_name="备注")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="完成时间")),
                (
                    "decision_due_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="处置期限"),
                ),
                ("decision", models.CharField(blank=True, max_length=10, verbose_name="处置")),
                ("locks_at", models.DateTimeField(verbose_name="结果锁定")),
            ],
            options={
                "verbose_name": "回访",
                "verbose_name_plural": "回访",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["assignee", "state", "-id"], name="revisit_assignee")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("merged", None)),
                        fields=("month", "case"),
                        name="revisit_month_case",
                        violation_error_message="这件事项本月已抽中。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("merged__isnull", False)),
                        fields=("month", "merged"),
                        name="revisit_month_merged",
                        violation_error_message="这个反映人本月已抽中。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Supervision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervisions",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField(default=1, verbose_name="第几轮")),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.unit",
                        verbose_name="督办对象",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("yellow", "黄牌"), ("red", "红牌")],
                        max_length=6,
                        verbose_name="级别",
                    ),
                ),
                ("demand", models.TextField(verbose_name="督办要求")),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="督办人",
                    ),
                ),
                ("issued_as", models.CharField(blank=True, max_length=16, verbose_name="督办方")),
                (
                    "issued_label",
                    models.CharField(blank=True, max_length=80, verbose_name="督办单位"),
                ),
                ("issued_at", models.DateTimeField(verbose_name="督办时间")),
                ("reply_by", models.DateTimeField(verbose_name="回复期限")),
                ("reply", models.TextField(blank=True, verbose_name="回复")),
                (
                    "replied_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="回复人",
                    ),
                ),
                (
                    "replied_label",
                    models.CharField(blank=True, max_length=80, verbose_name="回复单位"),
                ),
                ("replied_at", models.DateTimeField(null=True, verbose_name="回复时间")),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="解除人",
                    ),
                ),
                ("lifted_at", models.DateTimeField(null=True, verbose_name="解除时间")),
                ("lift_note", models.TextField(blank=True, verbose_name="解除意见")),
            ],
            options={
                "verbose_name": "督办",
                "verbose_name_plural": "督办",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["case", "-id"], name="case_supervision_case"),
                    models.Index(
                        condition=models.Q(("lifted_at", None)),
                        fields=["case"],
                        name="case_supervision_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="cases.caseevent",
                        verbose_name="记录",
                    ),
                ),
                ("move", models.CharField(max_length=16, verbose_name="环节")),
                (
                    "file",
                    models.FileField(
                        upload_to=cases.models.attachments.photo_path, verbose_name="照片"
                    ),
                ),
                (
                    "content_type",
                    models.CharField(default="image/jpeg", editable=False, max_length=20),
                ),
                ("size", models.PositiveIntegerField(verbose_name="字节数")),
                ("width", models.PositiveIntegerField(verbose_name="宽")),
                ("height", models.PositiveIntegerField(verbose_name="高")),
                ("sha256", models.CharField(max_length=64, verbose_name="指纹")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="上传时间"
                    ),
                ),
            ],
            options={
                "verbose_name": "照片",
                "verbose_name_plural": "照片",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="RevisitAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "revisit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="cases.revisit",
                        verbose_name="回访",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="回访员",
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("phone", "电话"),
                            ("door", "上门"),
                            ("online", "网络"),
                            ("site", "现场查看"),
                        ],
                        max_length=8,
                        verbose_name="方式",
                    ),
                ),
                ("reached", models.BooleanField(verbose_name="联系上")),
                ("note", models.CharField(blank=True, max_length=1000, verbose_name="备注")),
            ],
            options={
                "verbose_name": "回访记录",
                "verbose_name_plural": "回访记录",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="WhistleScore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="cases.casetask",
                        verbose_name="承办任务",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="whistle_scores",
                        to="orgs.unit",
                        verbose_name="单位",
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField(default=1, verbose_name="第几轮")),
                (
                    "arrival",
                    models.CharField(
                        choices=[("on_time", "按时到场"), ("late", "迟到"), ("no_show", "未到场")],
                        max_length=8,
                        verbose_name="到场",
                    ),
                ),
                (
                    "resolution",
                    models.PositiveSmallIntegerField(
                        choices=[(5, "很好"), (4, "较好"), (3, "一般"), (2, "较差"), (1, "很差")],
                        null=True,
                        verbose_name="解决",
                    ),
                ),
                (
                    "attitude",
                    models.PositiveSmallIntegerField(
                        choices=[(5, "很好"), (4, "较好"), (3, "一般"), (2, "较差"), (1, "很差")],
                        null=True,
                        verbose_name="态度",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("slow", "推诿拖延"),
                            ("unsolved", "问题没有解决"),
                            ("attitude", "态度生硬"),
                            ("alone", "不与其他部门配合"),
                            ("other", "其他（写在说明里）"),
                        ],
                        max_length=10,
                        verbose_name="低分原因",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("total", models.PositiveSmallIntegerField(verbose_name="得分")),
                (
                    "scored_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="评分人",
                    ),
                ),
                (
                    "scored_label",
                    models.CharField(blank=True, max_length=80, verbose_name="评分单位"),
                ),
                (
                    "scored_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="评分时间"
                    ),
                ),
                (
                    "correction",
                    models.CharField(blank=True, max_length=200, verbose_name="更正原因"),
                ),
                ("corrected_at", models.DateTimeField(null=True, verbose_name="更正时间")),
            ],
            options={
                "verbose_name": "吹哨评分",
                "verbose_name_plural": "吹哨评分",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "unit", "cycle"),
                        name="whistle_score_once",
                        violation_error_message="这个部门已经评过分。",
                    )
                ],
            },
        ),
    ]
