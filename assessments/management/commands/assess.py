"""manage.py assess --quarter 2026Q3 [--json]: compute the draft of a quarter for every grid."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessments.indicators import INDICATORS
from assessments.scoring import rate_percent
from assessments.services import compute_quarter
from gridparty.lib.periods import Quarter


class Command(BaseCommand):
    help = "计算某一季度的考核草稿（可重复执行，数据不变则结果不变）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quarter", required=True, help="季度，例如 2026Q3")
        parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            quarter = Quarter.parse(options["quarter"])
            result = compute_quarter(quarter=quarter, now=timezone.now(), by=None)
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        except ValueError as error:
            raise CommandError(str(error)) from error
        rates = {
            code: {
                "name": INDICATORS[code].name,
                "numerator": hit,
                "denominator": total,
                "rate": None if total == 0 else float(rate_percent(hit, total) or 0),
            }
            for code, (hit, total) in result.totals.items()
        }
        if options["json"]:
            answer = {
                "quarter": str(quarter), "grids": result.computed + result.unchanged,
                "opened": result.opened, "computed": result.computed,
                "unchanged": result.unchanged, "skipped": result.skipped, "indicators": rates,
            }  # fmt: skip
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write(
            f"{quarter.label}：新开 {result.opened} 个网格，计算 {result.computed} 个，"
            f"未变 {result.unchanged} 个，无方案 {len(result.skipped)} 个。"
        )
        for rate in rates.values():
            shown = "—" if rate["rate"] is None else f"{rate['rate']}%"
            self.stdout.write(
                f"  {rate['name']}：{shown}（{rate['numerator']}/{rate['denominator']}）"
            )
