import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("grids", "0001_initial"),
        ("grids", "0003_outlines"),
        ("grids", "0004_divisions"),
        ("grids", "0005_team_terms"),
        ("grids", "0006_partly_merged_codes"),
    ]

    initial = True

    dependencies = [
        ("orgs", "0001_tables"),
        ("orgs", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="GroundVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.CharField(max_length=32)),
            ],
            options={
                "verbose_name": "地图版本",
                "verbose_name_plural": "地图版本",
            },
        ),
        migrations.CreateModel(
            name="TeamTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30, unique=True, verbose_name="代号")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
            ],
            options={
                "verbose_name": "队伍模式",
                "verbose_name_plural": "队伍模式",
            },
        ),
        migrations.CreateModel(
            name="CommunityShape",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("geometry", models.JSONField(verbose_name="图形")),
                ("west", models.FloatField(verbose_name="西")),
                ("south", models.FloatField(verbose_name="南")),
                ("east", models.FloatField(verbose_name="东")),
                ("north", models.FloatField(verbose_name="北")),
                ("area_m2", models.FloatField(verbose_name="面积（平方米）")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
                (
                    "updated_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="更新人",
                    ),
                ),
                (
                    "community",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shape",
                        to="orgs.orgunit",
                        verbose_name="社区",
                    ),
                ),
            ],
            options={
                "verbose_name": "社区边界",
                "verbose_name_plural": "社区边界",
            },
        ),
        migrations.CreateModel(
            name="Compound",
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
                        related_name="compounds",
                        to="orgs.orgunit",
                        verbose_name="社区",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="小区名称")),
                ("aliases", models.JSONField(blank=True, default=list, verbose_name="别名")),
            ],
            options={
                "verbose_name": "小区",
                "verbose_name_plural": "小区",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("community", "name"),
                        name="compound_name_in_community",
                        violation_error_message="该社区已有同名小区。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GridDivision",
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
                        related_name="divisions",
                        to="orgs.orgunit",
                        verbose_name="社区",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="名称")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                ("effective_on", models.DateField(verbose_name="生效日期")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("previewed", "已预览"),
                            ("adopted", "已采用"),
                            ("withdrawn", "已作废"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("preview", models.JSONField(default=dict, editable=False)),
                ("ground", models.CharField(blank=True, editable=False, max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="建立时间")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="建立人",
                    ),
                ),
                (
                    "adopted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="采用时间"),
                ),
                (
                    "adopted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="采用人",
                    ),
                ),
            ],
            options={
                "verbose_name": "网格划分",
                "verbose_name_plural": "网格划分",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="TeamSlot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="slots",
                        to="grids.teamtemplate",
                        verbose_name="队伍模式",
                    ),
                ),
                ("code", models.SlugField(max_length=30, verbose_name="代号")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                ("minimum", models.PositiveSmallIntegerField(default=0, verbose_name="至少")),
                (
                    "maximum",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="至多"),
                ),
                ("sources", models.JSONField(blank=True, default=list, verbose_name="人员来源")),
                ("member_required", models.BooleanField(default=False, verbose_name="须为党员")),
                ("is_force", models.BooleanField(default=False, verbose_name="由单位派出")),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sysadmin", "系统管理员"),
                            ("auditor", "安全审计员"),
                            ("district_official", "区县干部"),
                            ("street_admin", "街道党工委"),
                            ("dispatcher", "街道指挥中心"),
                            ("community_staff", "社区工作人员"),
                            ("community_secretary", "社区书记"),
                            ("branch_secretary", "网格支部书记"),
                            ("grid_head", "网格长"),
                            ("grid_worker_ft", "专职网格员"),
                            ("grid_worker_pt", "兼职网格员"),
                            ("police_contact", "社区民警"),
                            ("grid_informant", "网格信息员"),
                            ("group_leader", "党小组组长"),
                            ("corridor_head", "红色楼道长"),
                            ("dept_handler", "职能部门经办"),
                            ("partner_unit", "共建单位"),
                            ("volunteer", "志愿者"),
                            ("revisitor", "回访员"),
                        ],
                        max_length=30,
                        verbose_name="对应角色",
                    ),
                ),
            ],
            options={
                "verbose_name": "队伍岗位",
                "verbose_name_plural": "队伍岗位",
                "ordering": ["template", "order"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("template", "code"),
                        name="slot_code_in_template",
                        violation_error_message="该队伍模式已有同代号岗位。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Grid",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=15,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{15}$", "网格编码应为 15 位数字：12 位社区代码加 3 位序号。"
                            )
                        ],
                        verbose_name="网格编码",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("residential", "住宅小区"),
                            ("exclusive", "专属"),
                            ("reserved", "预留"),
                        ],
                        default="residential",
                        max_length=12,
                        verbose_name="类型",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "在用"), ("reserved", "预留"), ("closed", "已撤销")],
                        default="active",
                        max_length=10,
                        verbose_name="状态",
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
                        related_name="grids",
                        to="orgs.orgunit",
                        verbose_name="社区",
                    ),
                ),
                (
                    "party_branch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="branch_grids",
                        to="orgs.orgunit",
                        verbose_name="网格党支部",
                    ),
                ),
                (
                    "team_template",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.teamtemplate",
                        verbose_name="队伍模式",
                    ),
                ),
                (
                    "property_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("managed", "有物业"),
                            ("semi_managed", "准物业"),
                            ("unmanaged", "无物业"),
                            ("community_run", "社区托管"),
                        ],
                        max_length=14,
                        verbose_name="物业状态",
                    ),
                ),
                (
                    "area_note",
                    models.CharField(blank=True, max_length=200, verbose_name="四至范围"),
                ),
                ("activated_on", models.DateField(blank=True, null=True, verbose_name="启用日期")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.grid",
                        verbose_name="承接网格",
                    ),
                ),
            ],
            options={
                "verbose_name": "网格",
                "verbose_name_plural": "网格",
                "ordering": ["code"],
                "indexes": [models.Index(fields=["street", "status"], name="grid_street_status")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("community", "name"),
                        name="grid_name_in_community",
                        violation_error_message="该社区已有同名网格。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Building",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "compound",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="buildings",
                        to="grids.compound",
                        verbose_name="小区",
                    ),
                ),
                (
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="buildings",
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
                    "party_group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="group_buildings",
                        to="orgs.orgunit",
                        verbose_name="楼栋党小组",
                    ),
                ),
                ("name", models.CharField(max_length=30, verbose_name="楼栋")),
                ("sort_key", models.CharField(editable=False, max_length=60)),
                (
                    "floors",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="层数"),
                ),
                ("longitude", models.FloatField(blank=True, null=True, verbose_name="经度")),
                ("latitude", models.FloatField(blank=True, null=True, verbose_name="纬度")),
            ],
            options={
                "verbose_name": "楼栋",
                "verbose_name_plural": "楼栋",
                "ordering": ["compound", "sort_key"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("compound", "name"),
                        name="building_name_in_compound",
                        violation_error_message="该小区已有同名楼栋。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BranchTerm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="branch_terms",
                        to="grids.grid",
                        verbose_name="网格",
                    ),
                ),
                (
                    "branch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="网格党支部",
                    ),
                ),
                ("end", models.DateField(verbose_name="截止日期")),
            ],
            options={
                "verbose_name": "网格党支部历史",
                "verbose_name_plural": "网格党支部历史",
                "ordering": ["end", "id"],
            },
        ),
        migrations.CreateModel(
            name="DivisionRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="grids.griddivision",
                        verbose_name="划分",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("split", "拆分网格"),
                            ("merge", "合并网格"),
                            ("activate", "启用预留网格"),
                            ("move", "调整楼栋"),
                        ],
                        max_length=10,
                        verbose_name="做法",
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
                    "target",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.grid",
                        verbose_name="划到",
                    ),
                ),
                (
                    "new_name",
                    models.CharField(blank=True, max_length=60, verbose_name="新网格名称"),
                ),
                (
                    "new_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("residential", "住宅小区"),
                            ("exclusive", "专属"),
                            ("reserved", "预留"),
                        ],
                        max_length=12,
                        verbose_name="类型",
                    ),
                ),
                ("buildings", models.JSONField(default=list, verbose_name="楼栋")),
                (
                    "result",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.grid",
                        verbose_name="新网格",
                    ),
                ),
            ],
            options={
                "verbose_name": "划分内容",
                "verbose_name_plural": "划分内容",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="GridShape",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("geometry", models.JSONField(verbose_name="图形")),
                ("west", models.FloatField(verbose_name="西")),
                ("south", models.FloatField(verbose_name="南")),
                ("east", models.FloatField(verbose_name="东")),
                ("north", models.FloatField(verbose_name="北")),
                ("area_m2", models.FloatField(verbose_name="面积（平方米）")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
                (
                    "updated_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="更新人",
                    ),
                ),
                (
                    "grid",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shape",
                        to="grids.grid",
                        verbose_name="网格",
                    ),
                ),
            ],
            options={
                "verbose_name": "网格边界",
                "verbose_name_plural": "网格边界",
                "indexes": [models.Index(fields=["west", "east"], name="grid_shape_box")],
            },
        ),
        migrations.CreateModel(
            name="LegacyGridCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="legacy_codes",
                        to="grids.grid",
                        verbose_name="网格",
                    ),
                ),
                (
                    "system",
                    models.CharField(
                        choices=[
                            ("party", "党建"),
                            ("governance", "综治"),
                            ("petition", "信访"),
                            ("urban", "城管"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="来源系统",
                    ),
                ),
                ("code", models.CharField(db_index=True, max_length=40, verbose_name="原编码")),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="原名称")),
                (
                    "partial_on",
                    models.DateField(blank=True, null=True, verbose_name="部分合并日期"),
                ),
                ("merged_on", models.DateField(blank=True, null=True, verbose_name="并网日期")),
            ],
            options={
                "verbose_name": "原网格编码",
                "verbose_name_plural": "原网格编码",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("system", "code", "grid"),
                        name="legacy_code_once",
                        violation_error_message="该系统的这个编码已登记过。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GridTeamMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="team",
                        to="grids.grid",
                        verbose_name="网格",
                    ),
                ),
                (
                    "slot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.teamslot",
                        verbose_name="岗位",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grid_posts",
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
                        related_name="+",
                        to="orgs.unit",
                        verbose_name="派出单位",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("two_committees", "社区“两委”"),
                            ("street", "乡镇（街道）"),
                            ("paired_unit", "联建单位"),
                            ("full_time", "专职"),
                            ("police", "公安"),
                            ("five_elders", "“五老”"),
                            ("corridor_head", "红色楼道长"),
                            ("volunteer", "志愿者"),
                            ("checked_in_member", "报到党员"),
                            ("property", "物业"),
                            ("unit", "单位"),
                            ("other", "其他"),
                        ],
                        max_length=20,
                        verbose_name="来源",
                    ),
                ),
                ("duties", models.CharField(blank=True, max_length=200, verbose_name="职责")),
                ("start", models.DateField(verbose_name="到岗日期")),
                ("end", models.DateField(blank=True, null=True, verbose_name="离岗日期")),
                ("term_end", models.DateField(blank=True, null=True, verbose_name="任期至")),
                ("shows_phone", models.BooleanField(default=False, verbose_name="同意公示手机号")),
                ("shows_photo", models.BooleanField(default=False, verbose_name="同意公示照片")),
            ],
            options={
                "verbose_name": "网格队伍",
                "verbose_name_plural": "网格队伍",
                "ordering": ["grid", "slot", "start"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("end__isnull", True), ("end__gte", models.F("start")), _connector="OR"
                        ),
                        name="team_end_not_before_start",
                        violation_error_message="离岗日期不能早于到岗日期。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Entrance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "building",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entrances",
                        to="grids.building",
                        verbose_name="楼栋",
                    ),
                ),
                ("name", models.CharField(max_length=20, verbose_name="单元")),
                ("sort_key", models.CharField(editable=False, max_length=40)),
                (
                    "floors",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="层数"),
                ),
                (
                    "rooms_per_floor",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="每层户数"
                    ),
                ),
            ],
            options={
                "verbose_name": "单元",
                "verbose_name_plural": "单元",
                "ordering": ["building", "sort_key"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("building", "name"),
                        name="entrance_name_in_building",
                        violation_error_message="该楼栋已有同名单元。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BuildingTerm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "building",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="terms",
                        to="grids.building",
                        verbose_name="楼栋",
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
                ("start", models.DateField(blank=True, null=True, verbose_name="划入日期")),
                ("end", models.DateField(verbose_name="划出日期")),
            ],
            options={
                "verbose_name": "楼栋归属历史",
                "verbose_name_plural": "楼栋归属历史",
                "ordering": ["end", "id"],
                "indexes": [models.Index(fields=["building", "end"], name="building_term_end")],
            },
        ),
    ]
