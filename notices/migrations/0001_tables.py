import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import orgs.fields


class Migration(migrations.Migration):
    replaces = [("notices", "0001_initial")]

    initial = True

    dependencies = [
        ("orgs", "0001_tables"),
        ("orgs", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("transport", models.CharField(max_length=20, verbose_name="方式")),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="所属组织",
                    ),
                ),
                (
                    "street",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.orgunit",
                        verbose_name="街道（社区）",
                    ),
                ),
                (
                    "address",
                    orgs.fields.SealedField(
                        blank=True, default="", editable=False, verbose_name="地址"
                    ),
                ),
                ("fingerprint", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "secret",
                    orgs.fields.SealedField(
                        blank=True, default="", editable=False, verbose_name="密钥"
                    ),
                ),
                ("template", models.TextField(blank=True, verbose_name="请求内容")),
                ("expects", models.CharField(blank=True, max_length=60, verbose_name="成功标志")),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "通知通道",
                "verbose_name_plural": "通知通道",
                "indexes": [models.Index(fields=["org", "transport"], name="channel_of_org")],
            },
        ),
        migrations.CreateModel(
            name="Notification",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="收件人",
                    ),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="种类")),
                ("key", models.CharField(editable=False, max_length=120)),
                ("title", models.CharField(max_length=80, verbose_name="标题")),
                ("text", models.CharField(blank=True, max_length=500, verbose_name="内容")),
                ("link", models.CharField(blank=True, max_length=200, verbose_name="链接")),
                (
                    "urgency",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "一般"), (1, "重要"), (2, "紧急")], verbose_name="缓急"
                    ),
                ),
                ("facts", models.JSONField(default=dict, editable=False, verbose_name="计数")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间"),
                ),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="已读")),
            ],
            options={
                "verbose_name": "消息",
                "verbose_name_plural": "消息",
                "indexes": [
                    models.Index(fields=["user", "-id"], name="notification_inbox"),
                    models.Index(
                        condition=models.Q(("read_at", None)),
                        fields=["user", "-id"],
                        name="notification_unread",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "key"), name="notification_told_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Preference",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="种类")),
                ("transports", models.JSONField(default=list, verbose_name="方式")),
                ("digest", models.BooleanField(default=False, verbose_name="合并发送")),
            ],
            options={
                "verbose_name": "通知偏好",
                "verbose_name_plural": "通知偏好",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "kind"), name="preference_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="种类")),
                ("key", models.CharField(editable=False, max_length=180, unique=True)),
                ("transport", models.CharField(max_length=20, verbose_name="方式")),
                (
                    "channel",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="notices.channel",
                        verbose_name="通道",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="收件人",
                    ),
                ),
                (
                    "phone",
                    orgs.fields.SealedField(
                        blank=True, default="", editable=False, verbose_name="手机号"
                    ),
                ),
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
                ("title", models.CharField(max_length=80, verbose_name="标题")),
                ("text", models.CharField(blank=True, max_length=500, verbose_name="内容")),
                ("link", models.CharField(blank=True, max_length=200, verbose_name="链接")),
                (
                    "urgency",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "一般"), (1, "重要"), (2, "紧急")], verbose_name="缓急"
                    ),
                ),
                ("digest", models.BooleanField(default=False, verbose_name="合并发送")),
                ("not_before", models.DateTimeField(verbose_name="不早于")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等待发送"),
                            ("sending", "正在发送"),
                            ("sent", "已发送"),
                            ("dead", "发不出去"),
                            ("dropped", "不再发送"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("batch", models.CharField(blank=True, editable=False, max_length=32)),
                ("claim", models.CharField(blank=True, editable=False, max_length=32)),
                ("claimed_at", models.DateTimeField(null=True, verbose_name="最近尝试")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="尝试次数")),
                (
                    "last_error",
                    models.CharField(blank=True, max_length=200, verbose_name="最近错误"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="写入时间"
                    ),
                ),
                ("sent_at", models.DateTimeField(null=True, verbose_name="发出时间")),
            ],
            options={
                "verbose_name": "待发消息",
                "verbose_name_plural": "待发消息",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["not_before", "id"],
                        name="outbox_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("state", "sending")),
                        fields=["claimed_at"],
                        name="outbox_sending",
                    ),
                    models.Index(fields=["channel", "-claimed_at"], name="outbox_channel_rate"),
                    models.Index(fields=["batch"], name="outbox_batch"),
                    models.Index(fields=["street", "state", "-id"], name="outbox_street_state"),
                ],
            },
        ),
    ]
