import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import orgs.fields
import residents.models.heads


class Migration(migrations.Migration):
    replaces = [
        ("residents", "0001_initial"),
        ("residents", "0003_roster_queues"),
        ("residents", "0004_campaigns_and_deployments"),
        ("residents", "0005_life_events"),
        ("residents", "0006_care_visits_needs"),
        ("residents", "0008_corridor_heads"),
        ("residents", "0009_said_to_be_gone"),
    ]

    initial = True

    dependencies = [
        ("grids", "0001_tables"),
        ("orgs", "0001_tables"),
        ("orgs", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="CareKind",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30, unique=True, verbose_name="代号")),
                ("name", models.CharField(max_length=30, unique=True, verbose_name="名称")),
                ("aliases", models.JSONField(blank=True, default=list, verbose_name="别名")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                (
                    "concerns_minors",
                    models.BooleanField(default=False, verbose_name="涉及未成年人"),
                ),
                ("need_to_know", models.BooleanField(default=False, verbose_name="仅限知情人")),
                (
                    "red_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(366),
                        ],
                        verbose_name="红色每几天走访",
                    ),
                ),
                (
                    "yellow_days",
                    models.PositiveSmallIntegerField(
                        default=15,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(366),
                        ],
                        verbose_name="黄色每几天走访",
                    ),
                ),
                (
                    "blue_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(366),
                        ],
                        verbose_name="蓝色每几天走访",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
            ],
            options={
                "verbose_name": "重点人群类别",
                "verbose_name_plural": "重点人群类别",
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="VisitQuota",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "home_class",
                    models.CharField(
                        choices=[("care", "重点户"), ("rented", "出租户"), ("ordinary", "普通户")],
                        max_length=10,
                        unique=True,
                        verbose_name="户类",
                    ),
                ),
                (
                    "times_a_year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(52),
                        ],
                        verbose_name="每年走访次数",
                    ),
                ),
            ],
            options={
                "verbose_name": "走访频次",
                "verbose_name_plural": "走访频次",
                "ordering": ["-times_a_year", "home_class"],
            },
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("purpose", models.CharField(max_length=300, verbose_name="排查依据和目的")),
                (
                    "under",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="范围",
                    ),
                ),
                (
                    "street",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="街道（社区）",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("ends_on", models.DateField(verbose_name="结束日期")),
                (
                    "keep_days",
                    models.PositiveSmallIntegerField(default=90, verbose_name="结束后答案保留天数"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("open", "进行中"),
                            ("closed", "已结束"),
                            ("purged", "答案已清除"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "opened_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="开始时间"),
                ),
                ("closed_on", models.DateField(editable=False, null=True, verbose_name="实际结束")),
                (
                    "purged_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="清除时间"),
                ),
                ("tallies", models.JSONField(default=dict, editable=False, verbose_name="统计")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="发起人",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="发起时间")),
                (
                    "grids",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="grids.grid", verbose_name="只查这些网格"
                    ),
                ),
                (
                    "buildings",
                    models.ManyToManyField(
                        blank=True,
                        related_name="+",
                        to="grids.building",
                        verbose_name="只查这些楼栋",
                    ),
                ),
            ],
            options={
                "verbose_name": "专项排查",
                "verbose_name_plural": "专项排查",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="campaign_end_not_before_start",
                        violation_error_message="结束日期不能早于开始日期。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CorridorHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="headships",
                        to="orgs.person",
                        verbose_name="人员",
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
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corridor_heads",
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
                        related_name="+",
                        to="grids.building",
                        verbose_name="所在楼栋",
                    ),
                ),
                ("lane", models.CharField(blank=True, max_length=60, verbose_name="街巷")),
                (
                    "background",
                    models.CharField(
                        choices=[
                            ("agency_member", "机关单位在职党员"),
                            ("community_member", "社区党员"),
                            ("cadre", "社区干部"),
                            ("resident", "热心群众"),
                        ],
                        default="resident",
                        max_length=20,
                        verbose_name="身份",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("nominated", "已提名"),
                            ("consented", "本人同意"),
                            ("approved", "支部批准"),
                            ("published", "公示中"),
                            ("serving", "在任"),
                            ("evaluated", "已评议"),
                            ("declined", "未就任"),
                            ("ended", "已离任"),
                        ],
                        default="nominated",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("shows_phone", models.BooleanField(default=False, verbose_name="同意公示手机号")),
                ("nominated_on", models.DateField(verbose_name="提名日期")),
                ("start", models.DateField(blank=True, null=True, verbose_name="任职日期")),
                ("term_end", models.DateField(blank=True, null=True, verbose_name="任期至")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="离任日期")),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("term", "任期届满"),
                            ("own_wish", "本人申请"),
                            ("health", "身体原因"),
                            ("moved_out", "搬离本社区"),
                            ("died", "去世"),
                            ("poor", "评议不称职"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="离任原因",
                    ),
                ),
            ],
            options={
                "verbose_name": "红色楼道长",
                "verbose_name_plural": "红色楼道长",
                "ordering": ["grid", "id"],
                "indexes": [
                    models.Index(fields=["grid", "state"], name="head_grid_state"),
                    models.Index(fields=["community", "state"], name="head_community_state"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "nominated",
                                    "consented",
                                    "approved",
                                    "published",
                                    "serving",
                                    "evaluated",
                                ],
                            )
                        ),
                        fields=("person",),
                        name="head_once_open",
                        violation_error_message="此人已提名或已担任红色楼道长。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Household",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="households",
                        to="grids.grid",
                        verbose_name="网格",
                    ),
                ),
                (
                    "building",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="households",
                        to="grids.building",
                        verbose_name="楼栋",
                    ),
                ),
                (
                    "entrance",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.entrance",
                        verbose_name="单元",
                    ),
                ),
                ("room", models.CharField(blank=True, max_length=40, verbose_name="房号")),
                ("room_raw", models.CharField(blank=True, max_length=80, verbose_name="房号原文")),
                ("sort_key", models.CharField(editable=False, max_length=160)),
                ("number", models.CharField(blank=True, max_length=40, verbose_name="户编号")),
                (
                    "kind",
                    models.CharField(
                        choices=[("ordinary", "普通户"), ("collective", "集体户")],
                        default="ordinary",
                        max_length=12,
                        verbose_name="户类型",
                    ),
                ),
                (
                    "occupancy",
                    models.CharField(
                        blank=True,
                        choices=[("owned", "自住"), ("rented", "出租"), ("vacant", "空置")],
                        max_length=10,
                        verbose_name="房屋状态",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="备注")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="销户日期")),
            ],
            options={
                "verbose_name": "住户",
                "verbose_name_plural": "住户",
                "indexes": [
                    models.Index(fields=["grid", "sort_key", "id"], name="household_grid_order"),
                    models.Index(
                        fields=["community", "sort_key", "id"], name="household_comm_order"
                    ),
                    models.Index(
                        fields=["street", "sort_key", "id"], name="household_street_order"
                    ),
                    models.Index(fields=["building", "room"], name="household_room"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RosterMapping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                ("fingerprint", models.CharField(max_length=64)),
                ("title", models.CharField(max_length=200, verbose_name="文件")),
                ("mapping", models.JSONField(verbose_name="列对应")),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="确认人",
                    ),
                ),
                ("used_at", models.DateTimeField(verbose_name="最近使用")),
            ],
            options={
                "verbose_name": "记住的列对应",
                "verbose_name_plural": "记住的列对应",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("community", "fingerprint"), name="rostermapping_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RosterUndo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="undo_batches",
                        to="orgs.importjob",
                        verbose_name="导入任务",
                    ),
                ),
                ("stamp", models.DateTimeField()),
                ("homes", models.PositiveIntegerField(verbose_name="户数")),
                ("payload", models.BinaryField()),
            ],
            options={
                "verbose_name": "导入撤销记录",
                "verbose_name_plural": "导入撤销记录",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="CampaignQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="residents.campaign",
                        verbose_name="专项排查",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(verbose_name="顺序")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("yes_no", "是或否"),
                            ("one", "单选"),
                            ("several", "多选"),
                            ("number", "数字"),
                            ("date", "日期"),
                            ("text", "文字"),
                        ],
                        max_length=10,
                        verbose_name="题型",
                    ),
                ),
                ("text", models.CharField(max_length=100, verbose_name="问题")),
                ("help", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("options", models.JSONField(blank=True, default=list, verbose_name="选项")),
                ("required", models.BooleanField(default=True, verbose_name="必答")),
                (
                    "sensitive",
                    models.BooleanField(
                        default=False, verbose_name="敏感（加密保存，列表和导出不显示）"
                    ),
                ),
            ],
            options={
                "verbose_name": "排查问题",
                "verbose_name_plural": "排查问题",
                "ordering": ["campaign", "order", "id"],
            },
        ),
        migrations.CreateModel(
            name="CareTag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="care_tags",
                        to="orgs.person",
                        verbose_name="人员",
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tags",
                        to="residents.carekind",
                        verbose_name="类别",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("red", "红"), ("yellow", "黄"), ("blue", "蓝")],
                        default="blue",
                        max_length=6,
                        verbose_name="等级",
                    ),
                ),
                ("basis", models.CharField(blank=True, max_length=120, verbose_name="依据")),
                ("start", models.DateField(verbose_name="开始日期")),
                ("end", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                (
                    "end_reason",
                    models.CharField(blank=True, max_length=120, verbose_name="移出原因"),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="复核人",
                    ),
                ),
                ("reviewed_on", models.DateField(blank=True, null=True, verbose_name="复核日期")),
                ("review_on", models.DateField(blank=True, null=True, verbose_name="下次复核")),
                (
                    "responsible",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="care_duties",
                        to="orgs.person",
                        verbose_name="责任人",
                    ),
                ),
                (
                    "visit_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(366),
                        ],
                        verbose_name="另定走访间隔（天）",
                    ),
                ),
                ("visited_on", models.DateField(blank=True, null=True, verbose_name="上次走访")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="应访日期")),
                (
                    "contact_name",
                    orgs.fields.SealedField(
                        blank=True, default="", editable=False, verbose_name="紧急联系人"
                    ),
                ),
                (
                    "contact_phone",
                    orgs.fields.SealedField(
                        blank=True, default="", editable=False, verbose_name="紧急联系电话"
                    ),
                ),
            ],
            options={
                "verbose_name": "重点人群登记",
                "verbose_name_plural": "重点人群登记",
                "indexes": [
                    models.Index(
                        condition=models.Q(("end", None)), fields=["due_on"], name="care_tag_due"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("end", None)),
                        fields=("person", "kind"),
                        name="care_tag_once_open",
                        violation_error_message="此人已登记在这一类。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Deployment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deployments",
                        to="orgs.person",
                        verbose_name="人员",
                    ),
                ),
                (
                    "from_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deployments",
                        to="orgs.unit",
                        verbose_name="派出单位",
                    ),
                ),
                (
                    "from_org",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deployments",
                        to="orgs.orgunit",
                        verbose_name="派出党组织",
                    ),
                ),
                (
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deployments",
                        to="grids.grid",
                        verbose_name="下沉网格",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deployments",
                        to="residents.campaign",
                        verbose_name="专项排查",
                    ),
                ),
                ("tasks", models.JSONField(default=list, verbose_name="任务")),
                ("start", models.DateField(verbose_name="开始日期")),
                ("end", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                ("note", models.CharField(blank=True, max_length=100, verbose_name="备注")),
            ],
            options={
                "verbose_name": "下沉干部",
                "verbose_name_plural": "下沉干部",
                "ordering": ["grid", "start", "id"],
                "indexes": [models.Index(fields=["person", "grid"], name="deployment_person_grid")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("end__isnull", True), ("end__gte", models.F("start")), _connector="OR"
                        ),
                        name="deployment_end_not_before_start",
                        violation_error_message="结束日期不能早于开始日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("from_unit__isnull", True), ("from_org__isnull", True), _connector="OR"
                        ),
                        name="deployment_one_origin",
                        violation_error_message="派出单位和派出党组织只填一个。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HeadEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "head",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="residents.corridorhead",
                        verbose_name="红色楼道长",
                    ),
                ),
                (
                    "move",
                    models.CharField(
                        choices=residents.models.heads._move_choices,
                        max_length=12,
                        verbose_name="步骤",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("excellent", "优秀"),
                            ("good", "称职"),
                            ("basic", "基本称职"),
                            ("poor", "不称职"),
                        ],
                        max_length=10,
                        verbose_name="评议等次",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="操作人",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
            ],
            options={
                "verbose_name": "楼道长履历",
                "verbose_name_plural": "楼道长履历",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="HeadContact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "head",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="residents.corridorhead",
                        verbose_name="红色楼道长",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="head_contacts",
                        to="residents.household",
                        verbose_name="联系户",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("visit", "上门"),
                            ("phone", "电话"),
                            ("chat", "微信"),
                            ("met", "碰面"),
                        ],
                        default="visit",
                        max_length=6,
                        verbose_name="方式",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="情况")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "联系记录",
                "verbose_name_plural": "联系记录",
                "ordering": ["-on", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("household", "head", "on"),
                        name="head_contact_once_a_day",
                        violation_error_message="今天已登记过联系。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GoodDeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "head",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deeds",
                        to="residents.corridorhead",
                        verbose_name="红色楼道长",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("what", models.CharField(max_length=200, verbose_name="办了什么事")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                (
                    "households",
                    models.ManyToManyField(
                        blank=True,
                        related_name="good_deeds",
                        to="residents.household",
                        verbose_name="受益户",
                    ),
                ),
            ],
            options={
                "verbose_name": "办实事记录",
                "verbose_name_plural": "办实事记录",
                "ordering": ["-on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="CareSuggestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="care_suggestions",
                        to="orgs.person",
                        verbose_name="人员",
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="residents.carekind",
                        verbose_name="类别",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="care_suggestions",
                        to="residents.household",
                        verbose_name="住户",
                    ),
                ),
                ("reason", models.CharField(max_length=60, verbose_name="理由")),
                ("facts", models.CharField(editable=False, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待确认"),
                            ("confirmed", "已登记"),
                            ("dismissed", "不登记"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("found_on", models.DateField(verbose_name="发现日期")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="处理人",
                    ),
                ),
                ("decided_on", models.DateField(null=True, verbose_name="处理日期")),
                (
                    "decision_reason",
                    models.CharField(blank=True, max_length=120, verbose_name="不登记原因"),
                ),
            ],
            options={
                "verbose_name": "重点人群线索",
                "verbose_name_plural": "重点人群线索",
                "indexes": [
                    models.Index(fields=["state", "household"], name="care_suggestion_open")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "kind"),
                        name="care_suggestion_once",
                        violation_error_message="此人这一类已有线索。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LifeEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("moved_in", "迁入"),
                            ("moved_out", "迁出"),
                            ("birth", "出生"),
                            ("death", "死亡"),
                            ("marriage", "结婚"),
                            ("split", "分户"),
                            ("merge", "并户"),
                            ("head", "变更户主"),
                            ("away", "户在人不在"),
                            ("guest", "人在户不在"),
                            ("together", "人户一致"),
                            ("rented", "出租"),
                            ("rent_ended", "退租"),
                        ],
                        max_length=12,
                        verbose_name="事件",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="residents.household",
                        verbose_name="住户",
                    ),
                ),
                (
                    "other_household",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="residents.household",
                        verbose_name="另一户",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="life_events",
                        to="orgs.person",
                        verbose_name="人员",
                    ),
                ),
                ("occurred_on", models.DateField(verbose_name="发生日期")),
                (
                    "entered_at",
                    models.DateTimeField(auto_now_add=True, db_index=True, verbose_name="登记时间"),
                ),
                ("delay_days", models.PositiveIntegerField(verbose_name="登记滞后天数")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
            ],
            options={
                "verbose_name": "人口变动",
                "verbose_name_plural": "人口变动",
                "ordering": ["-occurred_on", "-id"],
                "indexes": [
                    models.Index(fields=["household", "-occurred_on"], name="life_event_household")
                ],
            },
        ),
        migrations.CreateModel(
            name="LinkedHousehold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "head",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="linked_households",
                        to="orgs.person",
                        verbose_name="红色楼道长",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="head_links",
                        to="residents.household",
                        verbose_name="联系户",
                    ),
                ),
                ("start", models.DateField(verbose_name="开始日期")),
                ("end", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                ("temporary", models.BooleanField(default=False, verbose_name="临时代管")),
            ],
            options={
                "verbose_name": "楼道长联系户",
                "verbose_name_plural": "楼道长联系户",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("end", None)),
                        fields=("household",),
                        name="household_one_head",
                        violation_error_message="这一户已有红色楼道长联系。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Rental",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rentals",
                        to="residents.household",
                        verbose_name="住户",
                    ),
                ),
                ("landlord", models.CharField(max_length=60, verbose_name="房东")),
                (
                    "landlord_phone",
                    orgs.fields.SealedField(
                        blank=True, default="", editable=False, verbose_name="房东电话"
                    ),
                ),
                ("start", models.DateField(verbose_name="起租日期")),
                ("until", models.DateField(blank=True, null=True, verbose_name="到期日期")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="退租日期")),
            ],
            options={
                "verbose_name": "租赁",
                "verbose_name_plural": "租赁",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("household",),
                        name="rental_once_open",
                        violation_error_message="这一户已登记出租。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True),
                            ("until__gte", models.F("start")),
                            _connector="OR",
                        ),
                        name="rental_until_not_before_start",
                        violation_error_message="到期日期不能早于起租日期。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Residency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="residencies",
                        to="orgs.person",
                        verbose_name="人员",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="residencies",
                        to="residents.household",
                        verbose_name="住户",
                    ),
                ),
                (
                    "relation",
                    models.CharField(blank=True, max_length=20, verbose_name="与户主关系"),
                ),
                ("is_head", models.BooleanField(default=False, verbose_name="户主")),
                ("status", models.CharField(blank=True, max_length=20, verbose_name="居住状态")),
                ("start", models.DateField(blank=True, null=True, verbose_name="开始日期")),
                ("end", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("moved_out", "迁出"),
                            ("died", "死亡"),
                            ("split", "分户"),
                            ("merged", "并户"),
                            ("error", "登记错误"),
                        ],
                        max_length=10,
                        verbose_name="结束原因",
                    ),
                ),
                (
                    "import_job",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="orgs.importjob",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "居住关系",
                "verbose_name_plural": "居住关系",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("end", None)),
                        fields=("person", "household"),
                        name="residency_once_open",
                        violation_error_message="此人已登记在这一户。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("end__isnull", True),
                            ("start__isnull", True),
                            ("end__gte", models.F("start")),
                            _connector="OR",
                        ),
                        name="residency_end_not_before_start",
                        violation_error_message="结束日期不能早于开始日期。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RosterConflict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="orgs.importjob",
                        verbose_name="导入任务",
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
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.grid",
                        verbose_name="网格",
                    ),
                ),
                (
                    "building",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.building",
                        verbose_name="楼栋",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="处理人",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="处理时间")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="处理说明")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="提出时间")),
                ("sheet", models.CharField(blank=True, max_length=60, verbose_name="工作表")),
                ("row", models.PositiveIntegerField(verbose_name="行号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("home", "登记在另一户"),
                            ("name", "同一证件两个姓名"),
                            ("id", "同户同名证件不同"),
                            ("moved_out", "已登记迁出"),
                            ("died", "已登记死亡"),
                            ("newer", "系统内容更新"),
                        ],
                        max_length=10,
                        verbose_name="类型",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.person",
                        verbose_name="系统里的人",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="residents.household",
                        verbose_name="文件里的户",
                    ),
                ),
                (
                    "payload",
                    orgs.fields.SealedField(
                        blank=True, default="", editable=False, verbose_name="文件内容"
                    ),
                ),
                ("key", models.CharField(db_index=True, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待处理"),
                            ("kept", "保留系统"),
                            ("taken", "采用文件"),
                            ("both", "两处都住"),
                            ("dismissed", "不是同一人"),
                            ("expired", "已失效"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
            ],
            options={
                "verbose_name": "导入冲突",
                "verbose_name_plural": "导入冲突",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        fields=["community", "state", "-id"], name="rosterconflict_community"
                    ),
                    models.Index(fields=["grid", "state", "-id"], name="rosterconflict_grid"),
                    models.Index(fields=["job", "state", "-id"], name="rosterconflict_job"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("key",),
                        name="rosterconflict_once_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="residents.household",
                        verbose_name="住户",
                    ),
                ),
                (
                    "visitor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="走访人",
                    ),
                ),
                ("day", models.DateField(verbose_name="走访日期")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("home", "入户"),
                            ("phone", "电话联系"),
                            ("nobody", "敲门无人"),
                            ("refused", "拒访"),
                        ],
                        max_length=8,
                        verbose_name="结果",
                    ),
                ),
                (
                    "met",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.person",
                        verbose_name="见到的人",
                    ),
                ),
                (
                    "met_other",
                    models.CharField(blank=True, max_length=60, verbose_name="见到的其他人"),
                ),
                ("hazards", models.JSONField(blank=True, default=list, verbose_name="安全隐患")),
                ("opinion", models.CharField(blank=True, max_length=500, verbose_name="意见建议")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="备注")),
                ("photo_consent", models.BooleanField(default=False, verbose_name="住户同意拍照")),
                ("client_key", models.CharField(blank=True, editable=False, max_length=80)),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="登记时间"
                    ),
                ),
            ],
            options={
                "verbose_name": "走访记录",
                "verbose_name_plural": "走访记录",
                "indexes": [
                    models.Index(fields=["household", "-id"], name="visit_household"),
                    models.Index(fields=["day", "household"], name="visit_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("client_key", ""), _negated=True),
                        fields=("visitor", "client_key"),
                        name="visit_sent_once",
                        violation_error_message="这次走访已经登记过了。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RosterAbsence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="orgs.importjob",
                        verbose_name="导入任务",
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
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.grid",
                        verbose_name="网格",
                    ),
                ),
                (
                    "building",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.building",
                        verbose_name="楼栋",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="处理人",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="处理时间")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="处理说明")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="提出时间")),
                (
                    "residency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="residents.residency",
                        verbose_name="居住关系",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("missing", "名单里没有"),
                            ("moved", "名单写明迁出"),
                            ("died", "名单写明死亡"),
                        ],
                        default="missing",
                        max_length=10,
                        verbose_name="来由",
                    ),
                ),
                ("said_on", models.DateField(null=True, verbose_name="名单上的日期")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待核实"),
                            ("later", "稍后再核"),
                            ("moved", "已办迁出"),
                            ("died", "已登记死亡"),
                            ("stays", "仍住这里"),
                            ("expired", "已失效"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
            ],
            options={
                "verbose_name": "疑似迁出",
                "verbose_name_plural": "疑似迁出",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        fields=["community", "state", "-id"], name="rosterabsence_community"
                    ),
                    models.Index(fields=["grid", "state", "-id"], name="rosterabsence_grid"),
                    models.Index(fields=["job", "state", "-id"], name="rosterabsence_job"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["open", "later"])),
                        fields=("residency",),
                        name="rosterabsence_once_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Separation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "residency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="separations",
                        to="residents.residency",
                        verbose_name="居住关系",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("away", "户在人不在"), ("guest", "人在户不在")],
                        max_length=6,
                        verbose_name="情形",
                    ),
                ),
                ("elsewhere", models.CharField(max_length=200, verbose_name="另一处地址")),
                ("start", models.DateField(verbose_name="开始日期")),
                ("end", models.DateField(blank=True, null=True, verbose_name="结束日期")),
            ],
            options={
                "verbose_name": "人户分离",
                "verbose_name_plural": "人户分离",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("end", None)),
                        fields=("residency",),
                        name="separation_once_open",
                        violation_error_message="此人已登记人户分离。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VacancyDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vacancy_decisions",
                        to="residents.household",
                        verbose_name="住户",
                    ),
                ),
                (
                    "choice",
                    models.CharField(
                        choices=[
                            ("vacant", "确认空置"),
                            ("keep", "有人居住"),
                            ("revisit", "再访一次"),
                        ],
                        max_length=8,
                        verbose_name="结论",
                    ),
                ),
                (
                    "seen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="residents.visit",
                        verbose_name="最近走访",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="处理人",
                    ),
                ),
                ("decided_on", models.DateField(verbose_name="处理日期")),
            ],
            options={
                "verbose_name": "空户核查",
                "verbose_name_plural": "空户核查",
            },
        ),
        migrations.CreateModel(
            name="Need",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs",
                        to="residents.household",
                        verbose_name="住户",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs",
                        to="orgs.person",
                        verbose_name="人员",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("life", "生活照料"),
                            ("medical", "医疗健康"),
                            ("repair", "房屋维修"),
                            ("goods", "物资帮扶"),
                            ("job", "就业"),
                            ("school", "教育助学"),
                            ("company", "陪伴关爱"),
                            ("policy", "政策代办"),
                            ("other", "其他"),
                        ],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        choices=[("urgent", "急需"), ("soon", "近期"), ("ordinary", "一般")],
                        default="ordinary",
                        max_length=10,
                        verbose_name="缓急",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("visit", "走访"),
                            ("survey", "摸排"),
                            ("resident", "居民提出"),
                            ("case", "事项"),
                            ("care", "重点人群"),
                            ("wish", "微心愿"),
                        ],
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                (
                    "privacy",
                    models.CharField(
                        choices=[("open", "可匿名发布"), ("staff", "仅工作人员")],
                        default="staff",
                        max_length=6,
                        verbose_name="公开程度",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="需要什么")),
                (
                    "public_text",
                    models.CharField(blank=True, max_length=200, verbose_name="公开内容"),
                ),
                ("quantity", models.PositiveSmallIntegerField(default=1, verbose_name="数量")),
                ("wanted_by", models.DateField(blank=True, null=True, verbose_name="期望时间")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "已登记"),
                            ("published", "已发布"),
                            ("matched", "已对接"),
                            ("in_project", "项目中"),
                            ("met", "已满足"),
                            ("evaluated", "已评价"),
                            ("withdrawn", "已撤回"),
                            ("expired", "已过期"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                (
                    "status_note",
                    models.CharField(blank=True, max_length=200, verbose_name="处理说明"),
                ),
                ("reviewed_on", models.DateField(blank=True, null=True, verbose_name="最近核对")),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs",
                        to="residents.visit",
                        verbose_name="走访",
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="needs",
                        to="residents.caretag",
                        verbose_name="重点",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "需求",
                "verbose_name_plural": "需求",
                "indexes": [models.Index(fields=["status", "-id"], name="need_status")],
            },
        ),
        migrations.CreateModel(
            name="ChangeRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="change_requests",
                        to="residents.household",
                        verbose_name="住户",
                    ),
                ),
                (
                    "residency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="change_requests",
                        to="residents.residency",
                        verbose_name="居民",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="change_requests",
                        to="residents.visit",
                        verbose_name="走访",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("person_in", "新增人员"),
                            ("person_out", "人员迁出"),
                            ("phone", "电话变更"),
                            ("occupancy", "房屋状态变更"),
                            ("care", "登记重点人群"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                (
                    "sealed_values",
                    orgs.fields.SealedField(
                        blank=True, default="", editable=False, verbose_name="内容"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "待审核"),
                            ("approved", "已通过"),
                            ("rejected", "已退回"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="退回原因")),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
                ("proposed_at", models.DateTimeField(auto_now_add=True, verbose_name="提出时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核人",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="审核时间")),
            ],
            options={
                "verbose_name": "变更申请",
                "verbose_name_plural": "变更申请",
                "indexes": [models.Index(fields=["state", "-id"], name="change_request_state")],
            },
        ),
        migrations.CreateModel(
            name="VisitCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "visit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_back",
                        to="residents.visit",
                        verbose_name="走访",
                    ),
                ),
                ("month", models.CharField(max_length=7, verbose_name="月份")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("true", "属实"),
                            ("partly", "部分属实"),
                            ("false", "不属实"),
                            ("unreached", "联系不上"),
                        ],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="抽查人",
                    ),
                ),
                ("checked_on", models.DateField(null=True, verbose_name="抽查日期")),
            ],
            options={
                "verbose_name": "走访抽查",
                "verbose_name_plural": "走访抽查",
                "indexes": [models.Index(fields=["month", "result"], name="visit_check_month")],
            },
        ),
        migrations.CreateModel(
            name="VisitPhoto",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="residents.visit",
                        verbose_name="走访",
                    ),
                ),
                ("stored_as", models.CharField(editable=False, max_length=120)),
                ("inside", models.BooleanField(default=False, verbose_name="室内")),
                ("width", models.PositiveIntegerField(verbose_name="宽")),
                ("height", models.PositiveIntegerField(verbose_name="高")),
            ],
            options={
                "verbose_name": "走访照片",
                "verbose_name_plural": "走访照片",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="CampaignDoor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="doors",
                        to="residents.campaign",
                        verbose_name="专项排查",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaign_doors",
                        to="residents.household",
                        verbose_name="住户",
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
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.grid",
                        verbose_name="网格",
                    ),
                ),
                (
                    "building",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.building",
                        verbose_name="楼栋",
                    ),
                ),
                ("sort_key", models.CharField(editable=False, max_length=160)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("todo", "未访"),
                            ("visited", "已访"),
                            ("absent", "无人"),
                            ("refused", "拒访"),
                        ],
                        default="todo",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="敲门无人次数")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("last_at", models.DateTimeField(null=True, verbose_name="最近上门")),
                (
                    "last_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上门人",
                    ),
                ),
            ],
            options={
                "verbose_name": "排查住户",
                "verbose_name_plural": "排查住户",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="CampaignVisit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "door",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visits",
                        to="residents.campaigndoor",
                        verbose_name="排查住户",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("visited", "已访"), ("absent", "无人"), ("refused", "拒访")],
                        max_length=8,
                        verbose_name="结果",
                    ),
                ),
                ("answers", models.JSONField(default=dict, verbose_name="答案")),
                (
                    "secrets",
                    orgs.fields.SealedField(
                        blank=True, default="", editable=False, verbose_name="敏感答案"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="备注")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上门人",
                    ),
                ),
                ("client_key", models.CharField(editable=False, max_length=60)),
            ],
            options={
                "verbose_name": "排查上门记录",
                "verbose_name_plural": "排查上门记录",
                "ordering": ["door", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("door", "client_key"), name="campaign_visit_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="CampaignDoor",
            name="filled",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="residents.campaignvisit",
                verbose_name="答案",
            ),
        ),
        migrations.AddIndex(
            model_name="CampaignDoor",
            index=models.Index(fields=["campaign", "sort_key", "id"], name="campaign_door_order"),
        ),
        migrations.AddIndex(
            model_name="CampaignDoor",
            index=models.Index(fields=["campaign", "grid", "status"], name="campaign_door_grid"),
        ),
        migrations.AddIndex(
            model_name="CampaignDoor",
            index=models.Index(
                fields=["campaign", "building", "sort_key"], name="campaign_door_building"
            ),
        ),
        migrations.AddConstraint(
            model_name="CampaignDoor",
            constraint=models.UniqueConstraint(
                fields=("campaign", "household"), name="campaign_door_once"
            ),
        ),
    ]
