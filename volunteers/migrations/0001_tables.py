import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import orgs.fields
import volunteers.models.activities


class Migration(migrations.Migration):
    replaces = [("volunteers", "0001_initial")]

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
            name="PointRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=12, unique=True, verbose_name="代码")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("value", models.DecimalField(decimal_places=1, max_digits=5, verbose_name="数值")),
            ],
            options={
                "verbose_name": "积分规则",
                "verbose_name_plural": "积分规则",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ProjectCategory",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=12, unique=True, verbose_name="代码")),
                ("name", models.CharField(max_length=20, verbose_name="名称")),
                ("member_leads", models.BooleanField(default=False, verbose_name="须党员牵头")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
            ],
            options={
                "verbose_name": "项目类别",
                "verbose_name_plural": "项目类别",
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="StarLevel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hours", models.PositiveIntegerField(unique=True, verbose_name="累计小时")),
                ("stars", models.PositiveSmallIntegerField(unique=True, verbose_name="星")),
            ],
            options={
                "verbose_name": "志愿者星级",
                "verbose_name_plural": "志愿者星级",
                "ordering": ["hours"],
            },
        ),
        migrations.CreateModel(
            name="Resource",
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
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.region",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="社区",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resources",
                        to="orgs.unit",
                        verbose_name="提供单位",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("venue", "场地"),
                            ("people", "人员"),
                            ("fund", "资金"),
                            ("goods", "物资"),
                            ("tech", "技术"),
                            ("service", "服务"),
                            ("info", "信息"),
                        ],
                        max_length=8,
                        verbose_name="类别",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="名称")),
                ("need_kinds", models.JSONField(blank=True, default=list, verbose_name="能解决")),
                ("capacity", models.PositiveIntegerField(default=1, verbose_name="数量")),
                ("measure", models.CharField(default="次", max_length=10, verbose_name="计量")),
                ("times", models.CharField(blank=True, max_length=100, verbose_name="可用时间")),
                (
                    "conditions",
                    models.CharField(blank=True, max_length=200, verbose_name="使用条件"),
                ),
                ("contact", models.CharField(blank=True, max_length=60, verbose_name="联系人")),
                (
                    "available_from",
                    models.DateField(
                        default=django.utils.timezone.localdate, verbose_name="开始日期"
                    ),
                ),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="有效期至")),
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
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("offered", "待审核"),
                            ("open", "开放中"),
                            ("reserved", "已约满"),
                            ("used_up", "已用完"),
                            ("expired", "已到期"),
                            ("refused", "未采用"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="offered",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                (
                    "grids",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="grids.grid", verbose_name="服务网格"
                    ),
                ),
            ],
            options={
                "verbose_name": "资源",
                "verbose_name_plural": "资源",
                "indexes": [models.Index(fields=["street", "status", "-id"], name="resource_list")],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=10, verbose_name="对象")),
                ("row", models.PositiveBigIntegerField(verbose_name="编号")),
                ("move", models.CharField(max_length=12, verbose_name="步骤")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间"),
                ),
            ],
            options={
                "verbose_name": "志愿办理记录",
                "verbose_name_plural": "志愿办理记录",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["subject", "row"], name="step_row")],
            },
        ),
        migrations.CreateModel(
            name="Team",
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
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.region",
                        verbose_name="区县",
                    ),
                ),
                (
                    "street",
                    models.ForeignKey(
                        editable=False,
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
                ("name", models.CharField(max_length=60, verbose_name="队名")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("home", "家园守护"),
                            ("charity", "爱心公益"),
                            ("neighbours", "和谐邻里"),
                            ("civility", "文明劝导"),
                            ("safety", "平安携手"),
                            ("culture", "文化传承"),
                            ("retired", "退休党员"),
                            ("youth", "青年"),
                            ("women", "巾帼"),
                            ("elders", "五老"),
                        ],
                        max_length=12,
                        verbose_name="类型",
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.person",
                        verbose_name="队长",
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
                        verbose_name="组队单位",
                    ),
                ),
                ("specialities", models.JSONField(blank=True, default=list, verbose_name="特长")),
                ("about", models.CharField(blank=True, max_length=200, verbose_name="简介")),
                (
                    "founded_on",
                    models.DateField(
                        default=django.utils.timezone.localdate, verbose_name="成立日期"
                    ),
                ),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="解散日期")),
                (
                    "grids",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="grids.grid", verbose_name="服务网格"
                    ),
                ),
            ],
            options={
                "verbose_name": "志愿服务队",
                "verbose_name_plural": "志愿服务队",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("community", "name"),
                        name="team_name_in_community",
                        violation_error_message="本社区已有同名的服务队。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Volunteer",
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
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.region",
                        verbose_name="区县",
                    ),
                ),
                (
                    "street",
                    models.ForeignKey(
                        editable=False,
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
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="volunteer",
                        to="orgs.person",
                        verbose_name="人员",
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
                        verbose_name="所在网格",
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
                        verbose_name="住在楼栋",
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
                        verbose_name="所在单位",
                    ),
                ),
                ("skills", models.JSONField(blank=True, default=list, verbose_name="特长")),
                ("interests", models.JSONField(blank=True, default=list, verbose_name="兴趣")),
                ("times", models.JSONField(blank=True, default=list, verbose_name="方便时间")),
                (
                    "max_distance",
                    models.PositiveIntegerField(default=3000, verbose_name="最远（米）"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("applied", "待审核"),
                            ("active", "在册"),
                            ("paused", "暂停"),
                            ("left", "已退出"),
                        ],
                        default="active",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                (
                    "last_asked_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="最近邀请"
                    ),
                ),
                (
                    "guardian_name",
                    models.CharField(blank=True, max_length=60, verbose_name="监护人"),
                ),
                (
                    "guardian_phone",
                    orgs.fields.SealedField(
                        blank=True, default="", editable=False, verbose_name="监护人电话"
                    ),
                ),
                (
                    "joined_on",
                    models.DateField(
                        default=django.utils.timezone.localdate, verbose_name="登记日期"
                    ),
                ),
            ],
            options={
                "verbose_name": "志愿者",
                "verbose_name_plural": "志愿者",
                "indexes": [
                    models.Index(fields=["community", "status", "-id"], name="volunteer_list")
                ],
            },
        ),
        migrations.CreateModel(
            name="Project",
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
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.region",
                        verbose_name="区县",
                    ),
                ),
                (
                    "street",
                    models.ForeignKey(
                        editable=False,
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
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="volunteers.projectcategory",
                        verbose_name="类别",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="项目名称")),
                ("brand", models.CharField(blank=True, max_length=40, verbose_name="品牌名称")),
                ("about", models.CharField(max_length=500, verbose_name="做什么")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("policy", "政策宣传"),
                            ("clean", "清洁环境"),
                            ("aid", "扶贫帮困走访"),
                            ("patrol", "志愿巡查"),
                            ("wish", "圆微心愿"),
                            ("care", "敬老助残"),
                            ("children", "青少年服务"),
                            ("culture", "文化文艺"),
                            ("civility", "文明劝导"),
                            ("safety", "平安宣防"),
                            ("other", "其他"),
                        ],
                        max_length=10,
                        verbose_name="活动类型",
                    ),
                ),
                (
                    "lead_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="orgs.unit",
                        verbose_name="实施单位",
                    ),
                ),
                (
                    "lead_team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="volunteers.team",
                        verbose_name="实施队伍",
                    ),
                ),
                (
                    "lead_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.person",
                        verbose_name="牵头人",
                    ),
                ),
                ("sessions", models.PositiveSmallIntegerField(default=1, verbose_name="计划场次")),
                (
                    "target_people",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="目标人数"),
                ),
                (
                    "budget",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=10,
                        null=True,
                        verbose_name="预算（元）",
                    ),
                ),
                ("funding", models.CharField(blank=True, max_length=60, verbose_name="资金来源")),
                ("goal", models.CharField(blank=True, max_length=200, verbose_name="目标")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("ends_on", models.DateField(verbose_name="结束日期")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "起草中"),
                            ("review", "待审核"),
                            ("open", "待认领"),
                            ("running", "实施中"),
                            ("done", "已完成"),
                            ("evaluated", "已评价"),
                            ("stopped", "已终止"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="起草人",
                    ),
                ),
                (
                    "grids",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="grids.grid", verbose_name="投放网格"
                    ),
                ),
            ],
            options={
                "verbose_name": "服务项目",
                "verbose_name_plural": "服务项目",
                "indexes": [
                    models.Index(fields=["community", "status", "-id"], name="project_list")
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="volunteers.team",
                        verbose_name="服务队",
                    ),
                ),
                (
                    "volunteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="volunteers.volunteer",
                        verbose_name="志愿者",
                    ),
                ),
                (
                    "start",
                    models.DateField(
                        default=django.utils.timezone.localdate, verbose_name="加入日期"
                    ),
                ),
                ("end", models.DateField(blank=True, null=True, verbose_name="离开日期")),
            ],
            options={
                "verbose_name": "队员",
                "verbose_name_plural": "队员",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("end", None)),
                        fields=("team", "volunteer"),
                        name="team_member_once",
                        violation_error_message="已经在队里。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Activity",
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
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.region",
                        verbose_name="区县",
                    ),
                ),
                (
                    "street",
                    models.ForeignKey(
                        editable=False,
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
                ("title", models.CharField(max_length=60, verbose_name="活动名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("policy", "政策宣传"),
                            ("clean", "清洁环境"),
                            ("aid", "扶贫帮困走访"),
                            ("patrol", "志愿巡查"),
                            ("wish", "圆微心愿"),
                            ("care", "敬老助残"),
                            ("children", "青少年服务"),
                            ("culture", "文化文艺"),
                            ("civility", "文明劝导"),
                            ("safety", "平安宣防"),
                            ("other", "其他"),
                        ],
                        max_length=10,
                        verbose_name="类型",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="volunteers.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="volunteers.team",
                        verbose_name="服务队",
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
                        verbose_name="单位",
                    ),
                ),
                (
                    "need",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="residents.need",
                        verbose_name="需求",
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
                    "building",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.building",
                        verbose_name="楼栋",
                    ),
                ),
                ("place", models.CharField(max_length=100, verbose_name="集合地点")),
                ("about", models.CharField(blank=True, max_length=500, verbose_name="内容")),
                ("safety_note", models.CharField(max_length=300, verbose_name="安全提示")),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.person",
                        verbose_name="带队人",
                    ),
                ),
                ("skills", models.JSONField(blank=True, default=list, verbose_name="需要的特长")),
                (
                    "minors_welcome",
                    models.BooleanField(default=False, verbose_name="未成年人可参加"),
                ),
                ("is_public", models.BooleanField(default=True, verbose_name="公开招募")),
                ("starts_at", models.DateTimeField(editable=False, null=True, verbose_name="开始")),
                ("ends_at", models.DateTimeField(editable=False, null=True, verbose_name="结束")),
                (
                    "served_others",
                    models.PositiveIntegerField(default=0, verbose_name="未登记姓名的服务人数"),
                ),
                ("summary", models.CharField(blank=True, max_length=500, verbose_name="小结")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "起草中"),
                            ("scheduled", "报名中"),
                            ("submitted", "时长待确认"),
                            ("confirmed", "已完成"),
                            ("cancelled", "已取消"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
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
            ],
            options={
                "verbose_name": "志愿活动",
                "verbose_name_plural": "志愿活动",
                "indexes": [
                    models.Index(fields=["community", "status", "-id"], name="activity_list"),
                    models.Index(fields=["starts_at"], name="activity_start"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
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
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.region",
                        verbose_name="区县",
                    ),
                ),
                (
                    "street",
                    models.ForeignKey(
                        editable=False,
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
                    "need",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="residents.need",
                        verbose_name="需求",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="orgs.unit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="volunteers.team",
                        verbose_name="服务队",
                    ),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="volunteers.resource",
                        verbose_name="资源",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="volunteers.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[("asked", "单位认领"), ("sent", "社区派单")],
                        max_length=6,
                        verbose_name="方式",
                    ),
                ),
                ("quantity", models.PositiveSmallIntegerField(default=1, verbose_name="数量")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("asked", "待社区确认"),
                            ("sent", "待对方接受"),
                            ("live", "已对接"),
                            ("done", "已完成"),
                            ("declined", "未接受"),
                            ("cancelled", "已取消"),
                        ],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("agreement_as", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="提出时间"
                    ),
                ),
                (
                    "matched_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="对接时间"),
                ),
            ],
            options={
                "verbose_name": "对接",
                "verbose_name_plural": "对接",
                "indexes": [models.Index(fields=["community", "status", "-id"], name="claim_list")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("status__in", ("asked", "sent", "live")), ("unit__isnull", False)
                        ),
                        fields=("need", "unit"),
                        name="claim_once_a_unit",
                        violation_error_message="这个单位已经认领了这条需求。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 1)), name="claim_of_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="volunteers.project",
                        verbose_name="项目",
                    ),
                ),
                ("quarter", models.CharField(max_length=6, verbose_name="季度")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("go_on", "继续"), ("adjust", "调整"), ("stop", "建议终止")],
                        max_length=6,
                        verbose_name="结论",
                    ),
                ),
                ("note", models.CharField(max_length=300, verbose_name="评议意见")),
                ("held_on", models.DateField(verbose_name="评议日期")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "季度评议",
                "verbose_name_plural": "季度评议",
                "ordering": ["-quarter", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "quarter"),
                        name="project_review_once",
                        violation_error_message="这个季度已经评议过了。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ActivityPhoto",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="volunteers.activity",
                    ),
                ),
                ("stored_as", models.CharField(editable=False, max_length=120)),
                ("width", models.PositiveIntegerField(verbose_name="宽")),
                ("height", models.PositiveIntegerField(verbose_name="高")),
            ],
            options={
                "verbose_name": "活动照片",
                "verbose_name_plural": "活动照片",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="volunteers.activity",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("beneficiary", "服务对象"), ("organiser", "组织者")],
                        max_length=12,
                        verbose_name="评价方",
                    ),
                ),
                (
                    "rating",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="评分",
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=300, verbose_name="评价")),
                (
                    "problem",
                    models.CharField(blank=True, max_length=300, verbose_name="发现的问题"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                        verbose_name="事项",
                    ),
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
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间"),
                ),
            ],
            options={
                "verbose_name": "评价",
                "verbose_name_plural": "评价",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Served",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="served",
                        to="volunteers.activity",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.person",
                        verbose_name="服务对象",
                    ),
                ),
            ],
            options={
                "verbose_name": "服务对象",
                "verbose_name_plural": "服务对象",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("activity", "person"), name="served_once_an_activity"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shifts",
                        to="volunteers.activity",
                        verbose_name="活动",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="开始")),
                ("ends_at", models.DateTimeField(verbose_name="结束")),
                (
                    "capacity",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="名额",
                    ),
                ),
                (
                    "token",
                    models.CharField(
                        default=volunteers.models.activities.new_token,
                        editable=False,
                        max_length=32,
                        unique=True,
                    ),
                ),
                ("reminded_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "verbose_name": "班次",
                "verbose_name_plural": "班次",
                "ordering": ["starts_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="shift_ends_later",
                        violation_error_message="结束时间要晚于开始时间。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SignUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signups",
                        to="volunteers.shift",
                        verbose_name="班次",
                    ),
                ),
                (
                    "volunteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signups",
                        to="volunteers.volunteer",
                        verbose_name="志愿者",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("signed", "已报名"),
                            ("waiting", "候补"),
                            ("cancelled", "已取消"),
                            ("attended", "已参加"),
                            ("no_show", "未到"),
                        ],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("guardian_agreed", models.BooleanField(default=False, verbose_name="监护人同意")),
                ("to_confirm", models.BooleanField(default=False, verbose_name="待重新确认")),
                ("in_at", models.DateTimeField(blank=True, null=True, verbose_name="签到")),
                ("out_at", models.DateTimeField(blank=True, null=True, verbose_name="签退")),
                ("by_roll_call", models.BooleanField(default=False, verbose_name="点名")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="报名时间"
                    ),
                ),
            ],
            options={
                "verbose_name": "报名",
                "verbose_name_plural": "报名",
                "indexes": [models.Index(fields=["shift", "status", "id"], name="signup_queue")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ("signed", "attended", "waiting"))),
                        fields=("shift", "volunteer"),
                        name="signup_once",
                        violation_error_message="已经报过名了。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Hours",
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
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.region",
                        verbose_name="区县",
                    ),
                ),
                (
                    "street",
                    models.ForeignKey(
                        editable=False,
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
                    "volunteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hours",
                        to="volunteers.volunteer",
                        verbose_name="志愿者",
                    ),
                ),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hours",
                        to="volunteers.activity",
                        verbose_name="活动",
                    ),
                ),
                (
                    "signup",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hours",
                        to="volunteers.signup",
                        verbose_name="报名",
                    ),
                ),
                ("start", models.DateTimeField(verbose_name="开始")),
                ("end", models.DateTimeField(verbose_name="结束")),
                (
                    "credited",
                    models.DecimalField(decimal_places=1, max_digits=4, verbose_name="计入小时"),
                ),
                ("leads", models.BooleanField(default=False, verbose_name="带队")),
                ("back_entry", models.BooleanField(default=False, verbose_name="补录")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("late", "补录待审批"),
                            ("submitted", "待社区确认"),
                            ("confirmed", "已确认"),
                            ("rejected", "未认定"),
                            ("appealed", "申诉中"),
                        ],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="确认时间"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="提交时间"
                    ),
                ),
            ],
            options={
                "verbose_name": "服务时长",
                "verbose_name_plural": "服务时长",
                "indexes": [
                    models.Index(fields=["community", "status", "-id"], name="hours_list"),
                    models.Index(fields=["volunteer", "start"], name="hours_volunteer"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("credited__gte", 0)), name="hours_not_negative"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PointsEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "volunteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points",
                        to="volunteers.volunteer",
                        verbose_name="志愿者",
                    ),
                ),
                ("delta", models.DecimalField(decimal_places=1, max_digits=6, verbose_name="积分")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("hours", "服务时长"),
                            ("wish", "圆微心愿"),
                            ("redeem", "兑换"),
                            ("reversal", "冲正"),
                        ],
                        max_length=8,
                        verbose_name="事由",
                    ),
                ),
                (
                    "hours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points",
                        to="volunteers.hours",
                        verbose_name="时长",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="volunteers.pointsentry",
                        verbose_name="冲正哪一笔",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=100, verbose_name="说明")),
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
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间"),
                ),
            ],
            options={
                "verbose_name": "积分台账",
                "verbose_name_plural": "积分台账",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="HoursDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "hours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="days",
                        to="volunteers.hours",
                    ),
                ),
                ("day", models.DateField(verbose_name="日期")),
                (
                    "credited",
                    models.DecimalField(decimal_places=1, max_digits=3, verbose_name="小时"),
                ),
            ],
            options={
                "verbose_name": "每日时长",
                "verbose_name_plural": "每日时长",
                "constraints": [
                    models.UniqueConstraint(fields=("hours", "day"), name="hours_day_once")
                ],
            },
        ),
    ]
