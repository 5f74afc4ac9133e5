"""`manage.py case_diagram [--check]`: write docs/case-workflow.md from the workflow table."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.diagram import diagram


class Command(BaseCommand):
    help = "按流程表生成 docs/case-workflow.md（--check 只检查是否最新）。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="只检查，不写文件")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "case-workflow.md"
        text = diagram()
        if options["check"]:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                raise CommandError(
                    "docs/case-workflow.md 不是最新，请运行 manage.py case_diagram。"
                )
            return
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.stdout.write(f"已写入 {path.name}")
