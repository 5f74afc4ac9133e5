import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import orgs.fields
import partybuilding.models.checkins
import partybuilding.models.photos


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0004_ledger_lists"),
        ("councils", "0002_topic_projects"),
        ("grids", "0004_team_photo"),
        ("orgs", "0003_check_rounds"),
        ("orgs", "__first__"),
        ("residents", "0002_seed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alliance",
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
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("chair", models.CharField(max_length=40, verbose_name="召集人")),
                ("charter", models.TextField(blank=True, verbose_name="章程")),
                ("founded_on", models.DateField(verbose_name="成立日期")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
            ],
            options={
                "verbose_name": "党建联盟",
                "verbose_name_plural": "党建联盟",
                "ordering": ["community", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("community",),
                        name="alliance_one",
                        violation_error_message="这个社区已有党建联盟。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BasicsCheck",
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
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="basics_checks",
                        to="orgs.orgunit",
                        verbose_name="党支部",
                    ),
                ),
                ("half", models.DateField(verbose_name="半年")),
                ("due_on", models.DateField(verbose_name="应完成")),
                ("ticked", models.JSONField(blank=True, default=list, verbose_name="已做到")),
                ("remark", models.CharField(blank=True, max_length=200, verbose_name="差距和打算")),
                ("status", models.CharField(default="pending", max_length=10, verbose_name="状态")),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="填报人",
                    ),
                ),
            ],
            options={
                "verbose_name": "五基自查",
                "verbose_name_plural": "五基自查",
                "ordering": ["-half", "branch"],
                "constraints": [
                    models.UniqueConstraint(fields=("branch", "half"), name="basics_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_ins",
                        to="orgs.unit",
                        verbose_name="工作单位",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_ins",
                        to="orgs.person",
                        verbose_name="党员",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.region",
                        verbose_name="区县",
                    ),
                ),
                (
                    "street",
                    models.ForeignKey(
                        blank=True,
                        null=True,
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
                        related_name="check_ins",
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
                        related_name="check_ins",
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
                (
                    "place",
                    orgs.fields.SealedField(
                        blank=True, default="", editable=False, verbose_name="住址"
                    ),
                ),
                ("status", models.CharField(default="invited", max_length=12, verbose_name="状态")),
                (
                    "token",
                    models.CharField(
                        default=partybuilding.models.checkins.new_token,
                        editable=False,
                        max_length=32,
                        unique=True,
                    ),
                ),
                ("skills", models.JSONField(blank=True, default=list, verbose_name="特长")),
                (
                    "wishes",
                    models.JSONField(blank=True, default=list, verbose_name="愿意承担的岗位"),
                ),
                ("times", models.JSONField(blank=True, default=list, verbose_name="方便时间")),
                ("slip_no", models.CharField(blank=True, max_length=20, verbose_name="报到单号")),
                (
                    "invited_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="列入名单"
                    ),
                ),
                (
                    "applied_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="申请时间"),
                ),
                (
                    "accepted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="接收时间"),
                ),
                (
                    "received_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="单位收到回执"),
                ),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                (
                    "came_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partybuilding.checkin",
                        verbose_name="转自",
                    ),
                ),
            ],
            options={
                "verbose_name": "两地报到",
                "verbose_name_plural": "两地报到",
                "indexes": [
                    models.Index(fields=["community", "status", "-id"], name="checkin_list"),
                    models.Index(fields=["unit", "status"], name="checkin_unit"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                (
                                    "invited",
                                    "applied",
                                    "matched",
                                    "accepted",
                                    "active",
                                    "suspended",
                                ),
                            )
                        ),
                        fields=("person",),
                        name="checkin_one_live",
                        violation_error_message="这名党员已在名单里或已报到，一名党员只能在一处报到。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FeedbackCard",
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
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="feedback_cards",
                        to="orgs.unit",
                        verbose_name="单位",
                    ),
                ),
                ("quarter", models.DateField(verbose_name="季度")),
                ("rows", models.JSONField(default=list, verbose_name="情况")),
                ("remark", models.CharField(blank=True, max_length=200, verbose_name="社区评价")),
                ("status", models.CharField(default="draft", max_length=10, verbose_name="状态")),
                (
                    "drafted_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="起草时间"
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="发出时间")),
                (
                    "received_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="签收时间"),
                ),
            ],
            options={
                "verbose_name": "党员反馈卡",
                "verbose_name_plural": "党员反馈卡",
                "ordering": ["-quarter", "unit"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "community", "quarter"), name="feedback_card_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FundAllocation",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="社区",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("city", "市级"),
                            ("district", "区县"),
                            ("street", "街道"),
                            ("community", "社区"),
                            ("unit", "共建单位"),
                        ],
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("activity", "活动经费"),
                            ("venue", "阵地建设"),
                            ("grid_subsidy", "网格工作补贴"),
                            ("other", "其他"),
                        ],
                        max_length=14,
                        verbose_name="用途",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="金额（元）"),
                ),
                ("title", models.CharField(max_length=60, verbose_name="名称")),
                ("doc_no", models.CharField(blank=True, max_length=60, verbose_name="文号")),
                ("allotted_on", models.DateField(verbose_name="下达日期")),
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
                "verbose_name": "党建经费",
                "verbose_name_plural": "党建经费",
                "ordering": ["-year", "-id"],
                "indexes": [models.Index(fields=["street", "year"], name="fund_street_year")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="fund_positive"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GridVenue",
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
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="venues",
                        to="grids.grid",
                        verbose_name="网格",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="场所")),
                ("address", models.CharField(max_length=100, verbose_name="地址")),
                (
                    "area",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="面积（平方米）"
                    ),
                ),
                (
                    "since",
                    models.DateField(
                        default=django.utils.timezone.localdate, verbose_name="启用日期"
                    ),
                ),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="停用日期")),
            ],
            options={
                "verbose_name": "网格活动场所",
                "verbose_name_plural": "网格活动场所",
                "ordering": ["grid", "id"],
            },
        ),
        migrations.CreateModel(
            name="Honour",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="社区",
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="honours",
                        to="orgs.orgunit",
                        verbose_name="获得荣誉的组织",
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="荣誉名称")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("nation", "国家级"),
                            ("province", "省级"),
                            ("city", "市级"),
                            ("district", "区县级"),
                            ("street", "街道级"),
                        ],
                        max_length=10,
                        verbose_name="级别",
                    ),
                ),
                ("granted_by", models.CharField(max_length=60, verbose_name="授予单位")),
                ("granted_on", models.DateField(verbose_name="授予日期")),
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
                "verbose_name": "荣誉",
                "verbose_name_plural": "荣誉",
                "ordering": ["-granted_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="MemberDisplay",
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
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="member_displays",
                        to="grids.grid",
                        verbose_name="网格",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="member_displays",
                        to="orgs.person",
                        verbose_name="党员",
                    ),
                ),
                ("identity", models.CharField(max_length=100, verbose_name="亮身份")),
                ("pledge", models.CharField(max_length=200, verbose_name="亮承诺")),
                ("action", models.CharField(blank=True, max_length=200, verbose_name="亮行动")),
                ("service", models.CharField(blank=True, max_length=200, verbose_name="亮服务")),
                ("result", models.CharField(blank=True, max_length=200, verbose_name="亮成效")),
                ("agreed", models.JSONField(blank=True, default=list, verbose_name="同意公开")),
                ("agreed_on", models.DateField(blank=True, null=True, verbose_name="同意日期")),
                ("status", models.CharField(default="draft", max_length=10, verbose_name="状态")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="张贴位置")),
                ("posted_on", models.DateField(blank=True, null=True, verbose_name="张贴日期")),
                ("removed_on", models.DateField(blank=True, null=True, verbose_name="撤下日期")),
            ],
            options={
                "verbose_name": "五亮",
                "verbose_name_plural": "五亮",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["community", "status"], name="display_community")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("status__in", ("draft", "review", "approved", "posted"))
                        ),
                        fields=("person", "grid"),
                        name="display_once",
                        violation_error_message="这名党员在本网格已有五亮，请直接修改。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthlyBoard",
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
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="five_boards",
                        to="orgs.orgunit",
                        verbose_name="党支部",
                    ),
                ),
                ("month", models.DateField(verbose_name="月份")),
                ("due_on", models.DateField(verbose_name="应完成")),
                ("grace_until", models.DateField(verbose_name="宽限到")),
                (
                    "opened_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="生成时间"
                    ),
                ),
            ],
            options={
                "verbose_name": "五个一月度",
                "verbose_name_plural": "五个一月度",
                "ordering": ["-month", "branch"],
                "indexes": [models.Index(fields=["month", "community"], name="five_board_month")],
                "constraints": [
                    models.UniqueConstraint(fields=("branch", "month"), name="five_board_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Pairing",
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
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pairings",
                        to="orgs.unit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pairings",
                        to="grids.grid",
                        verbose_name="网格",
                    ),
                ),
                ("leader", models.CharField(blank=True, max_length=40, verbose_name="联系领导")),
                ("contact", models.CharField(max_length=40, verbose_name="联络员")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="办公电话")),
                ("tasks", models.CharField(blank=True, max_length=300, verbose_name="共建内容")),
                ("start", models.DateField(verbose_name="开始日期")),
                ("end", models.DateField(verbose_name="到期日期")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="解除日期")),
                (
                    "end_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="解除原因"),
                ),
                ("agreement_as", models.CharField(blank=True, editable=False, max_length=200)),
            ],
            options={
                "verbose_name": "联点共建",
                "verbose_name_plural": "联点共建",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["ended_on", "end"], name="pairing_end")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("unit", "grid"),
                        name="pairing_once",
                        violation_error_message="这个单位和网格已经结对；要换期限，请续签。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("end__gt", models.F("start"))),
                        name="pairing_ends_after_start",
                        violation_error_message="到期日期应晚于开始日期，请改正。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=12, verbose_name="对象")),
                ("row", models.PositiveBigIntegerField(verbose_name="编号")),
                (
                    "file",
                    models.FileField(
                        upload_to=partybuilding.models.photos.photo_path, verbose_name="照片"
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
                "verbose_name": "党建照片",
                "verbose_name_plural": "党建照片",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["subject", "row"], name="party_photo_row")],
            },
        ),
        migrations.CreateModel(
            name="PolicyPaper",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="社区",
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="标题")),
                ("doc_no", models.CharField(blank=True, max_length=60, verbose_name="文号")),
                ("issuer", models.CharField(max_length=60, verbose_name="发文机关")),
                ("issued_on", models.DateField(verbose_name="发文日期")),
                ("text", models.TextField(blank=True, verbose_name="要点")),
                ("file_as", models.CharField(blank=True, editable=False, max_length=200)),
                ("read_by", models.DateField(verbose_name="请在哪天前阅读")),
                (
                    "sent_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="下发时间"
                    ),
                ),
                ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="撤回日期")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="下发人",
                    ),
                ),
            ],
            options={
                "verbose_name": "政策文件",
                "verbose_name_plural": "政策文件",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["street", "-id"], name="paper_street")],
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
                ("subject", models.CharField(max_length=12, verbose_name="对象")),
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
                "verbose_name": "党建办理记录",
                "verbose_name_plural": "党建办理记录",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["subject", "row"], name="party_step_row")],
            },
        ),
        migrations.CreateModel(
            name="Training",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="社区",
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trainings",
                        to="orgs.orgunit",
                        verbose_name="主办组织",
                    ),
                ),
                ("topic", models.CharField(max_length=60, verbose_name="主题")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("class", "集中培训"),
                            ("lecture", "党课"),
                            ("site", "现场教学"),
                            ("online", "线上学习"),
                        ],
                        max_length=10,
                        verbose_name="形式",
                    ),
                ),
                ("held_on", models.DateField(verbose_name="日期")),
                ("hours", models.DecimalField(decimal_places=1, max_digits=4, verbose_name="学时")),
                ("place", models.CharField(max_length=60, verbose_name="地点")),
                ("teacher", models.CharField(blank=True, max_length=60, verbose_name="授课人")),
                ("text", models.TextField(blank=True, verbose_name="内容")),
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
                "verbose_name": "教育培训",
                "verbose_name_plural": "教育培训",
                "ordering": ["-held_on", "-id"],
                "indexes": [models.Index(fields=["street", "held_on"], name="training_held")],
            },
        ),
        migrations.CreateModel(
            name="UnitDoor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="party_door",
                        to="orgs.unit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "token",
                    models.CharField(
                        default=partybuilding.models.checkins.new_token,
                        editable=False,
                        max_length=32,
                        unique=True,
                    ),
                ),
            ],
            options={
                "verbose_name": "单位报到码",
                "verbose_name_plural": "单位报到码",
            },
        ),
        migrations.CreateModel(
            name="AllianceMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="partybuilding.alliance",
                        verbose_name="联盟",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alliances",
                        to="orgs.unit",
                        verbose_name="单位",
                    ),
                ),
                ("start", models.DateField(verbose_name="加入日期")),
                ("end", models.DateField(blank=True, null=True, verbose_name="退出日期")),
            ],
            options={
                "verbose_name": "联盟成员",
                "verbose_name_plural": "联盟成员",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("end", None)),
                        fields=("alliance", "unit"),
                        name="alliance_member_once",
                        violation_error_message="这个单位已在联盟里。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BranchMeeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="partybuilding.monthlyboard",
                        verbose_name="五个一月度",
                    ),
                ),
                ("held_at", models.DateTimeField(verbose_name="时间")),
                ("place", models.CharField(max_length=60, verbose_name="地点")),
                ("topic", models.CharField(max_length=60, verbose_name="主题")),
                ("host", models.CharField(max_length=40, verbose_name="主持")),
                ("expected", models.PositiveSmallIntegerField(verbose_name="应到")),
                ("came", models.PositiveSmallIntegerField(verbose_name="实到")),
                ("absent", models.CharField(blank=True, max_length=200, verbose_name="缺席及原因")),
                ("hours", models.DecimalField(decimal_places=1, max_digits=3, verbose_name="学时")),
                ("minutes", models.TextField(verbose_name="会议记录")),
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
                "verbose_name": "支部会议",
                "verbose_name_plural": "支部会议",
                "ordering": ["-held_at"],
                "indexes": [models.Index(fields=["held_at"], name="branch_meeting_held")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("came__lte", models.F("expected"))),
                        name="branch_meeting_came",
                        violation_error_message="实到不能多于应到。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Appraisal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "check_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appraisals",
                        to="partybuilding.checkin",
                        verbose_name="报到",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("excellent", "优秀"),
                            ("good", "合格"),
                            ("fair", "基本合格"),
                            ("poor", "不合格"),
                        ],
                        max_length=10,
                        verbose_name="等次",
                    ),
                ),
                ("comment", models.CharField(blank=True, max_length=200, verbose_name="评语")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="评定人",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间"),
                ),
            ],
            options={
                "verbose_name": "年度评定",
                "verbose_name_plural": "年度评定",
                "ordering": ["-year"],
                "constraints": [
                    models.UniqueConstraint(fields=("check_in", "year"), name="appraisal_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "check_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="confirmations",
                        to="partybuilding.checkin",
                        verbose_name="报到",
                    ),
                ),
                ("period", models.DateField(verbose_name="确认周期")),
                (
                    "still_here",
                    models.BooleanField(blank=True, null=True, verbose_name="仍在本网格"),
                ),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="答复时间"),
                ),
            ],
            options={
                "verbose_name": "半年确认",
                "verbose_name_plural": "半年确认",
                "ordering": ["-period"],
                "constraints": [
                    models.UniqueConstraint(fields=("check_in", "period"), name="confirmation_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="FundLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "allocation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="partybuilding.fundallocation",
                        verbose_name="经费",
                    ),
                ),
                ("what", models.CharField(max_length=100, verbose_name="开支内容")),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="金额（元）"),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fund_lines",
                        to="councils.topic",
                        verbose_name="议题",
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申请人",
                    ),
                ),
                (
                    "planned_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="申请时间"
                    ),
                ),
                ("paid_on", models.DateField(blank=True, null=True, verbose_name="支出日期")),
                (
                    "paid_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核准人",
                    ),
                ),
                ("cancelled_on", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
            ],
            options={
                "verbose_name": "经费开支",
                "verbose_name_plural": "经费开支",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="fund_line_positive"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="JointReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="partybuilding.alliance",
                        verbose_name="联盟",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joint_reviews",
                        to="orgs.unit",
                        verbose_name="单位",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "half",
                    models.CharField(
                        choices=[("first", "半年"), ("year", "全年")],
                        max_length=6,
                        verbose_name="时段",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("community", "社区评单位"), ("unit", "单位评社区")],
                        max_length=10,
                        verbose_name="评价方",
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("excellent", "优秀"),
                            ("good", "合格"),
                            ("fair", "基本合格"),
                            ("poor", "不合格"),
                        ],
                        max_length=10,
                        verbose_name="评价",
                    ),
                ),
                ("comment", models.CharField(max_length=200, verbose_name="意见")),
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
                "verbose_name": "共建评价",
                "verbose_name_plural": "共建评价",
                "ordering": ["-year", "half", "unit"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("alliance", "unit", "year", "half", "side"),
                        name="joint_review_once",
                        violation_error_message="这个时段已经评价过。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberDuty",
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
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="member_duties",
                        to="grids.grid",
                        verbose_name="网格",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="member_duties",
                        to="orgs.person",
                        verbose_name="党员",
                    ),
                ),
                (
                    "check_in",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="partybuilding.checkin",
                        verbose_name="报到",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("area", "党员责任区"), ("post", "党员责任岗")],
                        max_length=6,
                        verbose_name="类型",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("building_up", "组织建设"),
                            ("law", "法律咨询与援助"),
                            ("aid", "助困扶残与就业援助"),
                            ("governance", "社区治理"),
                            ("health", "健康医疗"),
                            ("culture", "文化体育"),
                            ("safety", "安全宣传与治安巡逻"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="岗位类别",
                    ),
                ),
                ("duties", models.CharField(max_length=200, verbose_name="职责")),
                ("start", models.DateField(verbose_name="开始日期")),
                ("end", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                ("comment", models.CharField(blank=True, max_length=200, verbose_name="年度评价")),
                ("commented_on", models.DateField(blank=True, null=True, verbose_name="评价日期")),
                (
                    "buildings",
                    models.ManyToManyField(
                        blank=True,
                        related_name="member_duties",
                        to="grids.building",
                        verbose_name="楼栋",
                    ),
                ),
            ],
            options={
                "verbose_name": "党员责任区和责任岗",
                "verbose_name_plural": "党员责任区和责任岗",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("end", None)),
                        fields=("person", "grid", "kind", "category"),
                        name="duty_held_once",
                        violation_error_message="这名党员在本网格已有这个岗位，不能重复认领。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="partybuilding.alliance",
                        verbose_name="联盟",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "dimension",
                    models.CharField(
                        choices=[
                            ("party", "党建联抓"),
                            ("govern", "治理联促"),
                            ("charity", "公益联办"),
                            ("environment", "环境联管"),
                            ("civility", "文明联树"),
                        ],
                        max_length=12,
                        verbose_name="联建",
                    ),
                ),
                ("content", models.CharField(max_length=200, verbose_name="内容")),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_items",
                        to="orgs.unit",
                        verbose_name="牵头单位",
                    ),
                ),
                ("due", models.DateField(verbose_name="完成时间")),
                ("target", models.CharField(blank=True, max_length=100, verbose_name="目标")),
            ],
            options={
                "verbose_name": "五联共治计划",
                "verbose_name_plural": "五联共治计划",
                "ordering": ["year", "dimension", "due"],
            },
        ),
        migrations.CreateModel(
            name="PaperReceipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="receipts",
                        to="partybuilding.policypaper",
                        verbose_name="文件",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_receipts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="阅读人",
                    ),
                ),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="阅读时间")),
            ],
            options={
                "verbose_name": "阅读回执",
                "verbose_name_plural": "阅读回执",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["user", "read_at"], name="receipt_user")],
                "constraints": [
                    models.UniqueConstraint(fields=("paper", "user"), name="receipt_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TrainingAttendance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "training",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attendances",
                        to="partybuilding.training",
                        verbose_name="培训",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trainings",
                        to="orgs.person",
                        verbose_name="人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "培训签到",
                "verbose_name_plural": "培训签到",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("training", "person"), name="training_person_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BoardItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="partybuilding.monthlyboard",
                        verbose_name="五个一月度",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("study", "开展一次学习"),
                            ("tell", "通报一些情况"),
                            ("report", "汇报一块工作"),
                            ("claim", "认领一批任务"),
                            ("consult", "协商一些难题"),
                        ],
                        max_length=8,
                        verbose_name="事项",
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("status", models.CharField(default="pending", max_length=10, verbose_name="状态")),
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="partybuilding.branchmeeting",
                        verbose_name="会议",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="内容")),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[("meeting", "会议"), ("group", "工作群"), ("notice", "公告栏")],
                        max_length=8,
                        verbose_name="渠道",
                    ),
                ),
                ("who", models.CharField(blank=True, max_length=60, verbose_name="汇报人或认领人")),
                ("comment", models.CharField(blank=True, max_length=200, verbose_name="点评")),
                ("until", models.DateField(blank=True, null=True, verbose_name="完成时限")),
                ("first_at", models.DateTimeField(blank=True, null=True, verbose_name="首次填报")),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="填报人",
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="确认时间"),
                ),
                ("late", models.BooleanField(default=False, verbose_name="逾期")),
            ],
            options={
                "verbose_name": "五个一事项",
                "verbose_name_plural": "五个一事项",
                "ordering": ["board", "place"],
                "indexes": [models.Index(fields=["status", "late"], name="five_item_status")],
                "constraints": [
                    models.UniqueConstraint(fields=("board", "kind"), name="five_item_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Patrol",
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
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="patrols",
                        to="grids.grid",
                        verbose_name="网格",
                    ),
                ),
                (
                    "duty",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="patrols",
                        to="partybuilding.memberduty",
                        verbose_name="责任区或责任岗",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="巡查人",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="巡查时间")),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="时长（分钟）")),
                ("route", models.CharField(max_length=100, verbose_name="路线")),
                (
                    "finding",
                    models.CharField(blank=True, max_length=500, verbose_name="发现的情况"),
                ),
                (
                    "case",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="party_patrol",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
            ],
            options={
                "verbose_name": "党员巡查",
                "verbose_name_plural": "党员巡查",
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["grid", "at"], name="patrol_grid_at")],
            },
        ),
        migrations.CreateModel(
            name="JointRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="partybuilding.alliance",
                        verbose_name="联盟",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="partybuilding.planitem",
                        verbose_name="对应计划",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("activity", "活动"), ("meeting", "联席会议")],
                        max_length=10,
                        verbose_name="形式",
                    ),
                ),
                (
                    "dimension",
                    models.CharField(
                        choices=[
                            ("party", "党建联抓"),
                            ("govern", "治理联促"),
                            ("charity", "公益联办"),
                            ("environment", "环境联管"),
                            ("civility", "文明联树"),
                        ],
                        max_length=12,
                        verbose_name="联建",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="名称")),
                ("text", models.TextField(verbose_name="情况")),
                ("held_on", models.DateField(verbose_name="日期")),
                ("people", models.PositiveIntegerField(verbose_name="参加人数")),
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
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="登记时间"
                    ),
                ),
                (
                    "units",
                    models.ManyToManyField(
                        related_name="joint_records", to="orgs.unit", verbose_name="参加单位"
                    ),
                ),
            ],
            options={
                "verbose_name": "五联共治活动",
                "verbose_name_plural": "五联共治活动",
                "ordering": ["-held_on", "-id"],
                "indexes": [models.Index(fields=["alliance", "held_on"], name="joint_held")],
            },
        ),
        migrations.CreateModel(
            name="ItemLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="partybuilding.boarditem",
                        verbose_name="事项",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="five_links",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                (
                    "need",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="five_links",
                        to="residents.need",
                        verbose_name="需求",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="five_links",
                        to="councils.topic",
                        verbose_name="议题",
                    ),
                ),
            ],
            options={
                "verbose_name": "五个一关联",
                "verbose_name_plural": "五个一关联",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("case__isnull", False), ("need", None), ("topic", None)),
                            models.Q(("case", None), ("need__isnull", False), ("topic", None)),
                            models.Q(("case", None), ("need", None), ("topic__isnull", False)),
                            _connector="OR",
                        ),
                        name="five_link_one",
                    )
                ],
            },
        ),
    ]
