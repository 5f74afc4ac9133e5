import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import councils.models.topics
import councils.workflow


class Migration(migrations.Migration):
    replaces = [("councils", "0001_initial")]

    initial = True

    dependencies = [
        ("cases", "0001_tables"),
        ("grids", "0001_tables"),
        ("orgs", "0001_tables"),
        ("orgs", "__first__"),
        ("residents", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Council",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("grid", "网格党群议事会"), ("community", "社区党建联席会议")],
                        max_length=10,
                        verbose_name="层级",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
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
                        related_name="councils",
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
                        related_name="councils",
                        to="grids.grid",
                        verbose_name="网格",
                    ),
                ),
                (
                    "chair",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.person",
                        verbose_name="召集人",
                    ),
                ),
                ("rules", models.TextField(blank=True, verbose_name="议事规则")),
                (
                    "every_months",
                    models.PositiveSmallIntegerField(default=1, verbose_name="几个月开一次"),
                ),
                ("founded_on", models.DateField(verbose_name="成立日期")),
                ("term_end", models.DateField(blank=True, null=True, verbose_name="任期至")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
            ],
            options={
                "verbose_name": "议事机构",
                "verbose_name_plural": "议事机构",
                "ordering": ["community", "level", "grid"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("grid",),
                        name="council_one_per_grid",
                        violation_error_message="这个网格已有议事会。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None), ("grid", None)),
                        fields=("community",),
                        name="council_one_per_community",
                        violation_error_message="这个社区已有联席会议。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CouncilSeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="councils.council",
                        verbose_name="议事机构",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("branch", "网格党支部"),
                            ("committee", "居委会"),
                            ("owners", "业委会"),
                            ("resident", "居民代表"),
                            ("corridor_head", "红色楼道长"),
                            ("floating", "流动人口代表"),
                            ("social_org", "社会组织"),
                            ("property", "物业公司"),
                            ("partner", "共建单位"),
                            ("resident_unit", "驻区单位"),
                            ("enterprise", "非公企业"),
                            ("police", "公安"),
                            ("urban_management", "城管"),
                            ("supervision", "物管"),
                            ("other", "其他"),
                        ],
                        max_length=20,
                        verbose_name="席位",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="council_seats",
                        to="orgs.person",
                        verbose_name="人员",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="council_seats",
                        to="orgs.unit",
                        verbose_name="单位",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="姓名")),
                ("duty", models.CharField(blank=True, max_length=40, verbose_name="职务")),
                ("start", models.DateField(verbose_name="开始日期")),
                ("end", models.DateField(blank=True, null=True, verbose_name="结束日期")),
            ],
            options={
                "verbose_name": "议事席位",
                "verbose_name_plural": "议事席位",
                "ordering": ["council", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("end", None), ("person__isnull", False)),
                        fields=("council", "person"),
                        name="seat_person_once",
                        violation_error_message="此人已在本议事机构有席位。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="councils.council",
                        verbose_name="议事机构",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("consult", "会商"),
                            ("deliberate", "议事"),
                            ("coordinate", "协调"),
                        ],
                        default="deliberate",
                        max_length=12,
                        verbose_name="形式",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="会议名称")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("due", "待安排"),
                            ("called", "已通知"),
                            ("held", "已召开"),
                            ("archived", "纪要已归档"),
                            ("cancelled", "已取消"),
                        ],
                        default="due",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("slot", models.DateField(blank=True, null=True, verbose_name="周期")),
                ("due_by", models.DateField(blank=True, null=True, verbose_name="应召开")),
                ("starts_at", models.DateTimeField(blank=True, null=True, verbose_name="时间")),
                ("place", models.CharField(blank=True, max_length=60, verbose_name="地点")),
                ("called_at", models.DateTimeField(blank=True, null=True, verbose_name="通知时间")),
                ("host", models.CharField(blank=True, max_length=40, verbose_name="主持")),
                ("recorder", models.CharField(blank=True, max_length=40, verbose_name="记录")),
                ("guests", models.CharField(blank=True, max_length=200, verbose_name="列席")),
                ("minutes", models.TextField(blank=True, verbose_name="会议记录")),
                (
                    "archived_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="归档时间"),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="取消原因")),
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
            ],
            options={
                "verbose_name": "议事会议",
                "verbose_name_plural": "议事会议",
                "ordering": ["-starts_at", "-id"],
                "indexes": [models.Index(fields=["status", "due_by"], name="meeting_due")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("slot__isnull", False)),
                        fields=("council", "slot"),
                        name="meeting_once_per_slot",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topics",
                        to="councils.council",
                        verbose_name="议事机构",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topics",
                        to="grids.grid",
                        verbose_name="网格",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="议题")),
                ("text", models.TextField(verbose_name="情况和诉求")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("resident", "居民提出"),
                            ("online", "网上征集"),
                            ("head", "红色楼道长"),
                            ("visit", "走访"),
                            ("case", "事项转来"),
                            ("branch", "支部提出"),
                            ("owners", "业委会提出"),
                            ("unit", "单位提出"),
                        ],
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topics",
                        to="cases.case",
                        verbose_name="来源事项",
                    ),
                ),
                ("households", models.PositiveIntegerField(default=0, verbose_name="涉及户数")),
                (
                    "stakeholders",
                    models.CharField(blank=True, max_length=200, verbose_name="直接相关的人和单位"),
                ),
                ("hot", models.BooleanField(default=False, verbose_name="热难点问题")),
                (
                    "status",
                    models.CharField(
                        choices=councils.workflow.status_choices,
                        default="collecting",
                        editable=False,
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                (
                    "status_since",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="进入本状态"
                    ),
                ),
                ("collect_until", models.DateField(blank=True, null=True, verbose_name="征集至")),
                (
                    "reject_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("private", "只涉及个别人，不属公共事务"),
                            ("law", "不符合法律法规"),
                            ("channel", "应走信访、诉讼等渠道"),
                            ("beyond", "超出社区权限"),
                            ("repeated", "已有同样议题"),
                        ],
                        max_length=10,
                        verbose_name="不列入的原因",
                    ),
                ),
                (
                    "public_note",
                    models.CharField(blank=True, max_length=500, verbose_name="公开说明"),
                ),
                ("resolution", models.TextField(blank=True, verbose_name="决议")),
                ("announced_on", models.DateField(blank=True, null=True, verbose_name="公示开始")),
                ("announce_until", models.DateField(blank=True, null=True, verbose_name="公示至")),
                (
                    "supervisors",
                    models.CharField(blank=True, max_length=200, verbose_name="居民监督员"),
                ),
                ("result", models.TextField(blank=True, verbose_name="办理结果")),
                (
                    "effect",
                    models.CharField(
                        blank=True,
                        choices=[("good", "效果好"), ("fair", "基本解决"), ("poor", "没有解决")],
                        max_length=6,
                        verbose_name="效果",
                    ),
                ),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="办结日期")),
                ("look_again_on", models.DateField(blank=True, null=True, verbose_name="回看日期")),
                ("looked_at", models.DateTimeField(blank=True, null=True, verbose_name="已回看")),
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
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="登记时间"
                    ),
                ),
                (
                    "buildings",
                    models.ManyToManyField(
                        blank=True,
                        related_name="topics",
                        to="grids.building",
                        verbose_name="直接相关的楼栋",
                    ),
                ),
            ],
            options={
                "verbose_name": "议题",
                "verbose_name_plural": "议题",
                "indexes": [
                    models.Index(
                        fields=["community", "status", "-id"], name="topic_community_status"
                    ),
                    models.Index(fields=["grid", "status", "-id"], name="topic_grid_status"),
                    models.Index(fields=["street", "status", "-id"], name="topic_street_status"),
                    models.Index(fields=["look_again_on"], name="topic_look_again"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attendances",
                        to="councils.meeting",
                        verbose_name="会议",
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="councils.councilseat",
                        verbose_name="席位",
                    ),
                ),
                (
                    "presence",
                    models.CharField(
                        choices=[("present", "到会"), ("proxy", "委托他人"), ("absent", "缺席")],
                        max_length=10,
                        verbose_name="出席",
                    ),
                ),
                (
                    "remark",
                    models.CharField(blank=True, max_length=60, verbose_name="缺席原因或受托人"),
                ),
            ],
            options={
                "verbose_name": "出席情况",
                "verbose_name_plural": "出席情况",
                "ordering": ["seat"],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "seat"), name="attendance_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opinions",
                        to="councils.topic",
                        verbose_name="议题",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opinions",
                        to="councils.meeting",
                        verbose_name="会议",
                    ),
                ),
                (
                    "party",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("branch", "网格党支部"),
                            ("committee", "居委会"),
                            ("owners", "业委会"),
                            ("residents", "居民"),
                            ("social", "社会组织"),
                            ("property", "物业公司"),
                        ],
                        max_length=10,
                        verbose_name="代表",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("meeting", "会上当面"),
                            ("paper", "书面"),
                            ("proxy", "委托代交"),
                            ("phone", "电话"),
                            ("online", "网上"),
                        ],
                        max_length=8,
                        verbose_name="方式",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="意见")),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间"),
                ),
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
            ],
            options={
                "verbose_name": "意见",
                "verbose_name_plural": "意见",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="objections",
                        to="councils.topic",
                        verbose_name="议题",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="residents.household",
                        verbose_name="住户",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("meeting", "会上当面"),
                            ("paper", "书面"),
                            ("proxy", "委托代交"),
                            ("phone", "电话"),
                            ("online", "网上"),
                        ],
                        max_length=8,
                        verbose_name="方式",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="理由")),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="第几次公示")),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间"),
                ),
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
            ],
            options={
                "verbose_name": "异议",
                "verbose_name_plural": "异议",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("topic", "household", "round"),
                        name="objection_once",
                        violation_error_message="这一户已登记过异议。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Like",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="likes",
                        to="councils.topic",
                        verbose_name="议题",
                    ),
                ),
                ("voice", models.CharField(max_length=64, verbose_name="凭据指纹")),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间"),
                ),
            ],
            options={
                "verbose_name": "点赞",
                "verbose_name_plural": "点赞",
                "constraints": [
                    models.UniqueConstraint(fields=("topic", "voice"), name="like_once"),
                    models.CheckConstraint(
                        condition=models.Q(("voice", ""), _negated=True), name="like_has_voice"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="councils.meeting",
                        verbose_name="会议",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="councils.topic",
                        verbose_name="议题",
                    ),
                ),
                ("options", models.TextField(blank=True, verbose_name="备选方案")),
                (
                    "votes_for",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="赞成"),
                ),
                (
                    "votes_against",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="反对"),
                ),
                (
                    "abstained",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="弃权"),
                ),
                (
                    "votes_by_paper",
                    models.PositiveSmallIntegerField(default=0, verbose_name="其中书面或委托"),
                ),
                (
                    "conclusion",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("adopted", "通过"),
                            ("deferred", "暂缓，下次再议"),
                            ("no_consensus", "未达成一致，提交上级议事"),
                            ("discussed", "只作通报交流"),
                        ],
                        max_length=14,
                        verbose_name="结论",
                    ),
                ),
                ("conclusion_text", models.TextField(blank=True, verbose_name="结论说明")),
            ],
            options={
                "verbose_name": "会议议题",
                "verbose_name_plural": "会议议题",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "topic"),
                        name="agenda_item_once",
                        violation_error_message="这个议题已在本次会议上。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TopicEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="councils.topic",
                        verbose_name="议题",
                    ),
                ),
                ("move", models.CharField(max_length=16, verbose_name="步骤")),
                ("from_status", models.CharField(blank=True, max_length=12)),
                ("to_status", models.CharField(max_length=12)),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
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
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间"),
                ),
            ],
            options={
                "verbose_name": "议题经过",
                "verbose_name_plural": "议题经过",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="TopicPhoto",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="councils.topic",
                        verbose_name="议题",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("before", "办理前"), ("after", "办理后"), ("meeting", "会议")],
                        max_length=8,
                        verbose_name="环节",
                    ),
                ),
                (
                    "file",
                    models.FileField(
                        upload_to=councils.models.topics.photo_path, verbose_name="照片"
                    ),
                ),
                (
                    "content_type",
                    models.CharField(default="image/jpeg", editable=False, max_length=20),
                ),
                ("width", models.PositiveIntegerField(verbose_name="宽")),
                ("height", models.PositiveIntegerField(verbose_name="高")),
                ("sha256", models.CharField(max_length=64, verbose_name="指纹")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="上传时间"
                    ),
                ),
            ],
            options={
                "verbose_name": "议题照片",
                "verbose_name_plural": "议题照片",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="TopicTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="councils.topic",
                        verbose_name="议题",
                    ),
                ),
                ("what", models.CharField(max_length=200, verbose_name="任务")),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topic_tasks",
                        to="orgs.unit",
                        verbose_name="责任单位",
                    ),
                ),
                ("who", models.CharField(blank=True, max_length=40, verbose_name="责任人")),
                ("due", models.DateField(verbose_name="完成时限")),
                (
                    "case",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topic_task",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="完成日期")),
                ("result", models.CharField(blank=True, max_length=300, verbose_name="完成情况")),
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
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="登记时间"
                    ),
                ),
            ],
            options={
                "verbose_name": "决议任务",
                "verbose_name_plural": "决议任务",
                "ordering": ["due", "id"],
            },
        ),
    ]
