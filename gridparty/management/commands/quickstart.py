"""`manage.py quickstart`: one command from a fresh copy to a running platform with a demo."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection, connections
from django.db.migrations.exceptions import NodeNotFoundError
from django.db.migrations.loader import MigrationLoader
from kombu.exceptions import OperationalError as BrokerError

from gridparty.celery import app as celery_app
from gridparty.demo.accounts import ACCOUNTS, PASSWORD
from gridparty.demo.apps import API_KEY
from gridparty.launcher import (
    Launcher,
    LaunchError,
    Program,
    answers,
    browse_host,
    require_free_port,
)
from orgs.models import OrgUnit

READY_SECONDS = 90.0
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Command(BaseCommand):
    help = "准备数据库和演示数据，然后启动网站、任务进程和定时进程（Ctrl-C 停止）。"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--no-input", action="store_false", dest="interactive", help="不提问，直接执行"
        )
        parser.add_argument(
            "--no-demo", action="store_false", dest="demo", help="数据库为空时不生成演示数据"
        )
        parser.add_argument(
            "--check", action="store_true", help="全部启动并确认可用后立即停止（用于自动检查）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "quickstart 只用于试用和演示。生产环境请按 docs/deploy.md 用系统服务启动。"
            )
        host, port = os.environ.get("HOST") or "127.0.0.1", read_port()
        try:
            require_free_port(host, port)
            self.prepare(options["interactive"], options["demo"])
            launcher = Launcher(programs(host, port), settings.BASE_DIR, child_environment())
            launcher.run(
                is_ready=lambda: answers(host, port) and worker_answers(port),
                when_ready=lambda: self.welcome(host, port),
                ready_within=READY_SECONDS,
                check_only=options["check"],
            )
        except LaunchError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("已中断，下次启动会继续准备。", returncode=130) from None
        self.stdout.write("已停止。数据保留，下次启动继续使用。")

    def prepare(self, interactive: bool, demo: bool) -> None:
        """Bring the database up to date; fill it with the demo when that is wanted and it is empty."""
        self.stdout.write("正在准备数据库 …")
        try:
            if is_half_numbered():
                raise ValueError
            call_command("migrate", interactive=interactive, verbosity=0)
            is_empty = not OrgUnit.objects.exists()
        except OperationalError as error:
            raise LaunchError(
                "连不上数据库，请检查 DATABASE_URL 指向的数据库是否已启动、可以登录。"
            ) from error
        except (NodeNotFoundError, ValueError) as error:
            # A half-migrated database of a version before the tables were first numbered anew.
            raise LaunchError(
                "数据库是更早的试用版建立的，这一版无法继续使用。请把数据目录（默认 var/）"
                "改名保存，再重新启动；用 DATABASE_URL 时请换一个空数据库。"
            ) from error
        try:
            with celery_app.connection_for_write() as broker:
                broker.ensure_connection(max_retries=1, timeout=5)
        except BrokerError as error:
            raise LaunchError(
                "连不上消息队列，请检查 REDIS_URL / CELERY_BROKER_URL 是否正确。"
            ) from error
        if demo and is_empty:
            self.stdout.write("正在生成演示数据，约一分钟 …")
            call_command("demo", stdout=self.stdout)
        # The children open connections of their own; this process needs none while it waits.
        connections.close_all()

    def welcome(self, host: str, port: int) -> None:
        """Print the address and the demo log-ins that exist in this database."""
        lines = ["", f"网格党建平台已启动：http://{browse_host(host)}:{port}/"]
        lines += demo_logins()
        if host not in LOOPBACK:
            lines += [
                "注意：其他电脑也能访问本机。演示密码是公开的，请勿录入真实居民信息。",
                "其他电脑用的地址要写进 GRIDPARTY_ALLOWED_HOSTS，例如 192.168.1.10。",
            ]
        lines += ["按 Ctrl-C 停止。", ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def read_port() -> int:
    """Return PORT (default 8000). Raises CommandError when it is no port number."""
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise CommandError(
            f"PORT 应是 1 到 65535 的整数，现在是 {text!r}。例如：PORT=8001 make run"
        )
    return int(text)


def is_half_numbered() -> bool:
    """Say whether a migration that replaces others is applied in part: nothing leads on from there."""
    loader = MigrationLoader(connection)
    applied = loader.applied_migrations
    return any(
        key not in applied and 0 < sum(old in applied for old in new.replaces) < len(new.replaces)
        for key, new in loader.replacements.items()
    )


def demo_logins() -> list[str]:
    """Return lines "user  who" for the demo accounts in the database; empty for real data."""
    names = [name for name, _ in ACCOUNTS]
    existing = set(
        get_user_model().objects.filter(username__in=names).values_list("username", flat=True)
    )
    connections.close_all()
    rows = [f"  {name:<20} {who}" for name, who in ACCOUNTS if name in existing]
    if not rows:
        return []
    interface = f"开放接口（Open311）：/open311/discovery.xml，演示 api_key 是 {API_KEY}"
    return [f"演示账号（密码都是 {PASSWORD}）：", *rows, interface]


def programs(host: str, port: int) -> list[Program]:
    """Return web, worker and beat, as run on a laptop."""
    python = sys.executable
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if sys.platform == "win32":
        web = [python, "manage.py", "runserver", "--noreload", address]
    else:
        # Threads, because browsers hold idle connections open, which would block sync workers.
        web = [python, "-m", "gunicorn", "gridparty.wsgi:application", "--bind", address]
        web += ["--preload", "--workers", "2", "--worker-class", "gthread", "--threads", "4"]
        web += ["--timeout", "60", "--graceful-timeout", "5", "--keep-alive", "2"]
        web += ["--log-level", "warning", "--no-control-socket"]
    celery = [python, "-m", "celery", "--quiet", "--app", "gridparty"]
    embedded = settings.CELERY_BROKER_URL.startswith("filesystem:")
    worker = [*celery, "worker", "--loglevel", "WARNING", "--hostname", worker_name(port)]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    if embedded or sys.platform == "win32":
        # One task at a time: SQLite has one writer, and the file queue needs no pool.
        worker += ["--pool", "solo"]
    # One schedule file per port: two beats cannot share one.
    schedule = f"{settings.CELERY_BEAT_SCHEDULE_FILENAME}-{port}"
    beat = [*celery, "beat", "--loglevel", "WARNING", "--schedule", schedule]
    return [Program("网站进程", web), Program("任务进程", worker), Program("定时进程", beat)]


def worker_name(port: int) -> str:
    """Name this run's worker, so that a ping reaches it and no other worker of the same queue.

    Not by process id: the file queue remembers every name it ever saw.
    """
    return f"quickstart-{port}@localhost"


def worker_answers(port: int) -> bool:
    """Tell whether the worker started by this run answers a ping."""
    return bool(celery_app.control.ping([worker_name(port)], timeout=2.0))


def child_environment() -> dict[str, str]:
    return os.environ | {"DJANGO_SETTINGS_MODULE": "gridparty.settings", "PYTHONUNBUFFERED": "1"}
