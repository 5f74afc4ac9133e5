"""manage.py rotate_keys: seal everything under the current key; --check only counts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from orgs import audit
from orgs.models import User
from orgs.rotation import walk


class Command(BaseCommand):
    help = (
        "用当前密钥（GRIDPARTY_KEYS 里的第一个）重新加密全部个人信息和上传的文件。"
        "可以随时中断，再次运行会接着做。--check 只统计，不改动；还有旧密钥的值时返回 1。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="只统计每个密钥下有多少值")

    def handle(self, *args: Any, **options: Any) -> None:
        change = not options["check"]
        result = walk(change=change, tell=self.stdout.write)
        for key, count in sorted(result.keys.items()):
            self.stdout.write(f"{key}　{count}")
        for line in result.broken[:100]:
            self.stderr.write(line)
        if change:
            audit.record(
                by=None, action="keys.rotate", target=User,
                detail={"done": result.done, "broken": len(result.broken)},
            )  # fmt: skip
            self.stdout.write(f"已重新加密 {result.done} 个。")
        if result.broken:
            raise CommandError(
                f"有 {len(result.broken)} 个打不开，旧密钥先不要删除；请按上面的说明补上缺的密钥再运行。"
            )
        if options["check"] and result.outdated:
            raise CommandError(f"还有 {result.outdated} 个是旧密钥加密的，请运行 rotate_keys。")
