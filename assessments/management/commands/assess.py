"""manage.py assess --quarter 2026Q3 [--json]: compute the draft of a quarter for every grid.

With --verify it changes nothing: every frozen result of the quarter is computed again from its own
numbers and held against its fingerprint and against what is shown; exit 1 when one does not fit.
"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessments.indicators import INDICATORS
from assessments.models import AssessmentVersion, QuarterAssessment
from assessments.scoring import rate_percent
from assessments.services import compute_quarter
from assessments.services.verifying import faults_of
from assessments.workflow import FROZEN
from gridparty.lib.periods import Quarter


class Command(BaseCommand):
    help = "计算某一季度的考核草稿（可重复执行，数据不变则结果不变）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quarter", required=True, help="季度，例如 2026Q3")
        parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
        parser.add_argument(
            "--verify", action="store_true", help="只核对已公示的结果，不计算；有不符时退出码为 1"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            quarter = Quarter.parse(options["quarter"])
            if options["verify"]:
                self.verify(quarter, as_json=options["json"])
                return
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
        frozen = QuarterAssessment.objects.filter(quarter=str(quarter), status__in=FROZEN).count()
        if frozen:
            self.stdout.write(
                f"{frozen} 个网格的结果已公示，没有改动；要更正，请街道在考核页面点“更正结果”，写明原因。"
            )
        for rate in rates.values():
            shown = "—" if rate["rate"] is None else f"{rate['rate']}%"
            self.stdout.write(
                f"  {rate['name']}：{shown}（{rate['numerator']}/{rate['denominator']}）"
            )

    def verify(self, quarter: Quarter, *, as_json: bool) -> None:
        """Say which frozen results do not fit; CommandError when there are any."""
        versions = AssessmentVersion.objects.filter(assessment__quarter=str(quarter))
        checked, wrong = 0, {}
        for one in versions.select_related("assessment__grid").iterator(chunk_size=500):
            checked += 1
            faults = faults_of(one, is_newest=one.number == one.assessment.version)
            if faults:
                wrong[f"{one.assessment.grid.code} v{one.number}"] = faults
        if as_json:
            answer = {"quarter": str(quarter), "checked": checked, "wrong": wrong}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write(
                f"{quarter.label}：核对 {checked} 份已公示的结果，不符 {len(wrong)} 份。"
            )
            for name, faults in wrong.items():
                self.stdout.write(f"  {name}：{'；'.join(faults)}")
        if wrong:
            raise CommandError(f"{len(wrong)} 份结果与公示时不一致。")
