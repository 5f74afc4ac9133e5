"""`manage.py draw_revisits --month 2026-06 [--json]`: draw the month's revisits; running again changes nothing."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.revisits import draw_month
from gridparty.lib.periods import Month


class Command(BaseCommand):
    help = "抽取某月已销号事项的回访样本：按网格分层，种子存档，重复运行结果相同。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--month", required=True, help="月份，例如 2026-06")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = draw_month(Month.parse(options["month"]))
        except ValueError as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(result.as_json(), ensure_ascii=False))
            return
        self.stdout.write(
            f"{result.month}：{result.grids} 个网格销号 {result.closed} 件，抽中 {len(result.cases)} 件，"
            f"本次新增回访 {result.created} 件。"
        )
