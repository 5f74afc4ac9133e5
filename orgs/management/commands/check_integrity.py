"""manage.py check_integrity: run every integrity check; exit 1 while an error is open."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from orgs.models import OrgUnit
from orgs.quality import Asked, Check, Severity, all_checks

SAMPLES = 10


class Command(BaseCommand):
    help = "检查数据是否完好：组织、网格、楼栋、住户和居民"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="输出 JSON")
        parser.add_argument("--street", metavar="CODE", help="只查一个街道（区划代码）")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = self._asked(options["street"])
        found = [_result(one, asked) for one in all_checks()]
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
        else:
            for row in found:
                self._tell(row)
        errors = [row for row in found if row["severity"] == Severity.ERROR and row["count"]]
        if errors:
            total = sum(row["count"] for row in errors)
            raise CommandError(f"有 {len(errors)} 项错误，共 {total} 处，请先改正。")

    def _asked(self, code: str | None) -> Asked:
        day = timezone.localdate()
        if not code:
            return Asked(day)
        root = OrgUnit.objects.filter(division_code=code, parent=None).first()
        if root is None:
            raise CommandError(f"没有区划代码为 {code} 的街道（或三级架构的社区）。")
        return Asked(day, root)

    def _tell(self, row: dict[str, Any]) -> None:
        if not row["count"]:
            self.stdout.write(f"通过　{row['title']}（{row['code']}）")
            return
        label = Severity(row["severity"]).label
        self.stdout.write(f"{label}　{row['title']}：{row['count']} 处（{row['code']}）")
        self.stdout.write(f"　　　{row['mend']}")


def _result(check: Check, asked: Asked) -> dict[str, Any]:
    """Return what the JSON says of one check; `sample` holds ids, never names."""
    rows = check.look(asked).order_by("pk")
    return {
        "code": check.code,
        "severity": str(check.severity),
        "title": check.title,
        "mend": check.mend,
        "count": rows.count(),
        "sample": list(rows.values_list("pk", flat=True)[:SAMPLES]),
    }
