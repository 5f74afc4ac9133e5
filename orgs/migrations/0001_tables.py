import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import mptt.fields
from django.conf import settings
from django.db import migrations, models

import orgs.fields


class Migration(migrations.Migration):
    replaces = [
        ("orgs", "0001_initial"),
        ("orgs", "0003_quality_checks"),
        ("orgs", "0004_import_undo_and_lines"),
        ("orgs", "0006_unit_successor"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="WorkdayOverride",
            fields=[
                ("date", models.DateField(primary_key=True, serialize=False, verbose_name="日期")),
                ("is_workday", models.BooleanField(verbose_name="是否上班")),
                ("name", models.CharField(blank=True, max_length=40, verbose_name="说明")),
            ],
            options={
                "verbose_name": "节假日与调休",
                "verbose_name_plural": "节假日与调休",
                "ordering": ["date"],
            },
        ),
        migrations.CreateModel(
            name="CheckFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="检查")),
                ("target", models.BigIntegerField(verbose_name="对象编号")),
            ],
            options={
                "verbose_name": "检查发现",
                "verbose_name_plural": "检查发现",
                "constraints": [
                    models.UniqueConstraint(fields=("code", "target"), name="check_finding_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                (
                    "name_initials",
                    models.CharField(
                        blank=True, editable=False, max_length=60, verbose_name="拼音首字母"
                    ),
                ),
                (
                    "gender",
                    models.CharField(
                        choices=[("0", "未知"), ("1", "男"), ("2", "女"), ("9", "未说明")],
                        default="0",
                        max_length=1,
                        verbose_name="性别",
                    ),
                ),
                ("id_kind", models.CharField(blank=True, max_length=20, verbose_name="证件类型")),
                (
                    "id_number",
                    orgs.fields.SealedField(
                        blank=True, default="", editable=False, verbose_name="证件号码"
                    ),
                ),
                (
                    "id_fingerprint",
                    models.CharField(
                        blank=True, editable=False, max_length=64, null=True, unique=True
                    ),
                ),
                (
                    "phone",
                    orgs.fields.SealedField(
                        blank=True, default="", editable=False, verbose_name="联系电话"
                    ),
                ),
                ("phone_fingerprint", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "birth",
                    orgs.fields.SealedField(
                        blank=True, default="", editable=False, verbose_name="出生日期"
                    ),
                ),
                (
                    "birth_year",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="出生年"),
                ),
                ("ethnicity", models.CharField(blank=True, max_length=20, verbose_name="民族")),
                (
                    "political_status",
                    models.CharField(blank=True, max_length=20, verbose_name="政治面貌"),
                ),
                ("education", models.CharField(blank=True, max_length=20, verbose_name="文化程度")),
                ("marriage", models.CharField(blank=True, max_length=20, verbose_name="婚姻状况")),
                (
                    "workplace",
                    models.CharField(blank=True, max_length=120, verbose_name="工作单位"),
                ),
                (
                    "registered_address",
                    models.CharField(blank=True, max_length=200, verbose_name="户籍地址"),
                ),
                ("is_volunteer", models.BooleanField(default=False, verbose_name="志愿者")),
                ("remark", models.CharField(blank=True, max_length=500, verbose_name="备注")),
                ("died_on", models.DateField(blank=True, null=True, verbose_name="死亡日期")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
            ],
            options={
                "verbose_name": "人员",
                "verbose_name_plural": "人员",
                "indexes": [
                    models.Index(fields=["name"], name="person_name"),
                    models.Index(fields=["name_initials"], name="person_initials"),
                    models.Index(fields=["phone_fingerprint"], name="person_phone"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=12, primary_key=True, serialize=False, verbose_name="区划代码"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="orgs.region",
                        verbose_name="上级",
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "省级"), (2, "地级"), (3, "县级"), (4, "乡级"), (5, "村级")],
                        verbose_name="级别",
                    ),
                ),
            ],
            options={
                "verbose_name": "区划",
                "verbose_name_plural": "区划",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                (
                    "first_name",
                    models.CharField(blank=True, max_length=150, verbose_name="first name"),
                ),
                (
                    "last_name",
                    models.CharField(blank=True, max_length=150, verbose_name="last name"),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email address"),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="date joined"
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="user",
                        to="orgs.person",
                        verbose_name="人员",
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "用户",
                "verbose_name_plural": "用户",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OrgUnit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                (
                    "tier",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "街道级"),
                            (2, "社区级"),
                            (3, "网格支部级"),
                            (4, "楼栋小组级"),
                        ],
                        verbose_name="层级",
                    ),
                ),
                (
                    "org_form",
                    models.CharField(
                        choices=[
                            ("working_committee", "党工委"),
                            ("committee", "党委"),
                            ("general_branch", "党总支"),
                            ("branch", "党支部"),
                            ("group", "党小组"),
                        ],
                        max_length=20,
                        verbose_name="组织形式",
                    ),
                ),
                (
                    "parent",
                    mptt.fields.TreeForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="orgs.orgunit",
                        verbose_name="上级组织",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        help_text="街道和社区对应的区划代码",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.region",
                        verbose_name="区划",
                    ),
                ),
                (
                    "division_code",
                    models.CharField(
                        blank=True, max_length=12, null=True, unique=True, verbose_name="区划代码"
                    ),
                ),
                (
                    "coverage_kind",
                    models.CharField(
                        blank=True,
                        choices=[("building", "楼栋"), ("lane", "街巷"), ("estate", "小区")],
                        max_length=10,
                        verbose_name="覆盖范围",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "在用"), ("abolished", "已撤销")],
                        default="active",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "established_on",
                    models.DateField(blank=True, null=True, verbose_name="成立日期"),
                ),
                ("abolished_on", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="承接组织",
                    ),
                ),
                ("lft", models.PositiveIntegerField(editable=False)),
                ("rght", models.PositiveIntegerField(editable=False)),
                ("tree_id", models.PositiveIntegerField(db_index=True, editable=False)),
                ("level", models.PositiveIntegerField(editable=False)),
            ],
            options={
                "verbose_name": "党组织",
                "verbose_name_plural": "党组织",
                "indexes": [models.Index(fields=["tree_id", "lft"], name="orgunit_tree_lft")],
            },
        ),
        migrations.CreateModel(
            name="ImportJob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=30, verbose_name="类型")),
                (
                    "under",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="导入到",
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
                ("file_name", models.CharField(max_length=200, verbose_name="文件名")),
                (
                    "file_hash",
                    models.CharField(db_index=True, max_length=64, verbose_name="文件指纹"),
                ),
                (
                    "stored_as",
                    models.CharField(blank=True, max_length=200, verbose_name="加密存放"),
                ),
                (
                    "result_stored_as",
                    models.CharField(blank=True, max_length=200, verbose_name="结果文件"),
                ),
                (
                    "lines_stored_as",
                    models.CharField(blank=True, max_length=200, verbose_name="逐行结果"),
                ),
                ("options", models.JSONField(default=dict, verbose_name="选项")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "已上传，正在检查"),
                            ("previewed", "待确认"),
                            ("confirmed", "已确认，等待导入"),
                            ("running", "正在导入"),
                            ("done", "已完成"),
                            ("failed", "失败"),
                            ("cancelled", "已取消"),
                            ("undoing", "正在撤销"),
                            ("undone", "已撤销"),
                        ],
                        default="uploaded",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("mapping", models.JSONField(default=dict, verbose_name="列对应")),
                ("counts", models.JSONField(default=dict, verbose_name="统计")),
                ("issues", models.JSONField(default=list, verbose_name="问题")),
                ("preview", models.JSONField(default=list, verbose_name="预览")),
                ("progress", models.PositiveIntegerField(default=0, verbose_name="已处理行数")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="总行数")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="尝试次数")),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="失败原因")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="上传时间")),
                ("started_at", models.DateTimeField(null=True, verbose_name="开始时间")),
                ("heartbeat_at", models.DateTimeField(null=True, verbose_name="最近进展")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="完成时间")),
            ],
            options={
                "verbose_name": "导入任务",
                "verbose_name_plural": "导入任务",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="OrgUnitChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "org_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="orgs.orgunit",
                        verbose_name="党组织",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("add", "设立"),
                            ("rename", "更名"),
                            ("move", "调整隶属"),
                            ("merge", "合并"),
                            ("split", "分设"),
                            ("abolish", "撤销"),
                        ],
                        max_length=10,
                        verbose_name="变更",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
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
                ("before", models.JSONField(default=dict, verbose_name="变更前")),
                ("after", models.JSONField(default=dict, verbose_name="变更后")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="依据")),
            ],
            options={
                "verbose_name": "组织变更",
                "verbose_name_plural": "组织变更",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="PartyMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="membership",
                        to="orgs.person",
                        verbose_name="人员",
                    ),
                ),
                (
                    "org_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="orgs.orgunit",
                        verbose_name="所在党组织",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("full", "正式党员"), ("probationary", "预备党员")],
                        default="full",
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("joined_on", models.DateField(blank=True, null=True, verbose_name="入党日期")),
                ("residing", models.BooleanField(default=False, verbose_name="在地")),
                ("registered", models.BooleanField(default=False, verbose_name="在册")),
                ("working", models.BooleanField(default=False, verbose_name="在岗")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="转出日期")),
            ],
            options={
                "verbose_name": "党员",
                "verbose_name_plural": "党员",
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("functional_department", "职能部门"),
                            ("partner", "共建单位"),
                            ("resident_unit", "驻区单位"),
                            ("property_company", "物业公司"),
                            ("private_enterprise", "非公企业"),
                            ("social_org", "社会组织"),
                            ("police", "公安"),
                            ("urban_management", "城管"),
                            ("property_supervision", "物管"),
                            ("agency", "市县机关"),
                            ("university", "高校"),
                        ],
                        max_length=30,
                        verbose_name="类型",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.region",
                        verbose_name="所属区县",
                    ),
                ),
                (
                    "street",
                    models.ForeignKey(
                        blank=True,
                        help_text="只服务一个街道时填写；服务全区县时留空",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="orgs.orgunit",
                        verbose_name="服务街道（社区）",
                    ),
                ),
                ("duties", models.CharField(blank=True, max_length=200, verbose_name="职责")),
                (
                    "contact_name",
                    models.CharField(blank=True, max_length=40, verbose_name="联系人"),
                ),
                (
                    "office_phone",
                    models.CharField(blank=True, max_length=30, verbose_name="办公电话"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.unit",
                        verbose_name="承接单位",
                    ),
                ),
                (
                    "closed_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="撤销日期"
                    ),
                ),
                (
                    "closed_reason",
                    models.CharField(
                        blank=True, editable=False, max_length=200, verbose_name="撤并依据"
                    ),
                ),
            ],
            options={
                "verbose_name": "单位",
                "verbose_name_plural": "单位",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "district", "street"),
                        name="unit_name_in_street",
                        violation_error_message="该街道已有同名单位。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("street", None)),
                        fields=("name", "district"),
                        name="unit_name_in_district",
                        violation_error_message="该区县已有同名单位。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdempotentRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                ("request_hash", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("body", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "幂等请求",
                "verbose_name_plural": "幂等请求",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "key"), name="idempotent_request_user_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="日期")),
                ("code", models.CharField(max_length=40, verbose_name="检查")),
                (
                    "community",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="社区",
                    ),
                ),
                ("count", models.PositiveIntegerField(verbose_name="数量")),
            ],
            options={
                "verbose_name": "检查趋势",
                "verbose_name_plural": "检查趋势",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("day", "code", "community"), name="check_count_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, db_index=True, verbose_name="时间")),
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
                ("action", models.CharField(db_index=True, max_length=60, verbose_name="动作")),
                ("target_kind", models.CharField(max_length=60, verbose_name="对象类型")),
                ("target_id", models.CharField(blank=True, max_length=40, verbose_name="对象编号")),
                (
                    "street",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="街道（社区）",
                    ),
                ),
                ("purpose", models.CharField(blank=True, max_length=200, verbose_name="用途")),
                ("address", models.GenericIPAddressField(null=True, verbose_name="来源地址")),
                (
                    "request_id",
                    models.CharField(blank=True, max_length=32, verbose_name="请求编号"),
                ),
                ("detail", models.JSONField(default=dict, verbose_name="详情")),
            ],
            options={
                "verbose_name": "审计记录",
                "verbose_name_plural": "审计记录",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["target_kind", "target_id"], name="audit_target")],
            },
        ),
        migrations.CreateModel(
            name="OrgPost",
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
                        related_name="posts",
                        to="orgs.person",
                        verbose_name="人员",
                    ),
                ),
                (
                    "org_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="orgs.orgunit",
                        verbose_name="党组织",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("secretary", "书记"),
                            ("deputy_secretary", "副书记"),
                            ("organisation", "组织委员"),
                            ("publicity", "宣传委员"),
                            ("discipline", "纪检委员"),
                            ("group_leader", "党小组组长"),
                        ],
                        max_length=20,
                        verbose_name="职务",
                    ),
                ),
                (
                    "source_identity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("committee", "社区“两委”"),
                            ("grid_head", "网格长"),
                            ("corridor_head", "红色楼道长"),
                            ("property", "物业公司"),
                            ("resident", "热心居民"),
                            ("agency", "机关单位"),
                            ("other", "其他"),
                        ],
                        max_length=20,
                        verbose_name="来源身份",
                    ),
                ),
                ("start", models.DateField(verbose_name="任职日期")),
                ("end", models.DateField(blank=True, null=True, verbose_name="离任日期")),
                ("term", models.CharField(blank=True, max_length=20, verbose_name="届次")),
            ],
            options={
                "verbose_name": "任职",
                "verbose_name_plural": "任职",
                "ordering": ["org_unit", "kind", "-start"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("end__isnull", True), ("end__gte", models.F("start")), _connector="OR"
                        ),
                        name="orgpost_end_not_before_start",
                        violation_error_message="离任日期不能早于任职日期。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleAssignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roles",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="用户",
                    ),
                ),
                (
                    "role",
                    models.CharField(
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
                        verbose_name="角色",
                    ),
                ),
                (
                    "org_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="党组织",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.region",
                        verbose_name="区划",
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
                    "start",
                    models.DateField(
                        default=django.utils.timezone.localdate, verbose_name="开始日期"
                    ),
                ),
                ("end", models.DateField(blank=True, null=True, verbose_name="结束日期")),
            ],
            options={
                "verbose_name": "角色授权",
                "verbose_name_plural": "角色授权",
                "ordering": ["user", "role"],
            },
        ),
    ]
