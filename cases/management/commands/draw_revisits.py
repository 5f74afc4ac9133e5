"""`manage.py draw_revisits --month 2026-06 [--json] [--verify]`: draw the month's revisits.

Running again changes nothing. `--verify` draws nothing: it replays the stored draw from its list and
seed, says what does not follow, and exits 1 then.
"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.models import RevisitDraw
from cases.replay import replay_month
from cases.revisits import draw_month
from gridparty.lib.periods import Month


class Command(BaseCommand):
    help = "抽取某月已销号事项的回访样本：按网格分层，种子存档，重复运行结果相同。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--month", required=True, help="月份，例如 2026-06")
        parser.add_argument("--json", action="store_true", help="输出 JSON")
        parser.add_argument("--verify", action="store_true", help="不抽取，只复算已存的样本")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            month = Month.parse(options["month"])
            if options["verify"]:
                self._verify(month, as_json=options["json"])
                return
            result = draw_month(month)
        except ValueError as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(result.as_json(), ensure_ascii=False))
            return
        self.stdout.write(
            f"{result.month}：{result.grids} 个网格销号 {result.closed} 件，抽中 {len(result.cases)} 件，"
            f"本次新增回访 {result.created} 件。"
        )

    def _verify(self, month: Month, *, as_json: bool) -> None:
        faults = replay_month(month)
        draws = RevisitDraw.objects.filter(month=str(month)).count()
        if as_json:
            found = {"month": str(month), "draws": draws, "ok": not faults, "faults": faults}
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        elif faults:
            self.stdout.write("\n".join(faults))
        else:
            self.stdout.write(f"{month.label}：{draws} 个网格的样本都能由名单和种子复算得出。")
        if faults:
            raise SystemExit(1)
