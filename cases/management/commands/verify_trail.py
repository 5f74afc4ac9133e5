"""`manage.py verify_trail [--case NO] [--json]`: are the cases' histories as they were written?

Replays the hash chain of every case and the daily roots; exits 1 when something does not follow.
"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.models import Case, CaseEvent, TrailRoot
from cases.trail_roots import broken_cases, broken_roots


class Command(BaseCommand):
    help = "核对事项记录的存证：每件事项的记录链和每日存证。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--case", default="", help="只核对这个编号的事项")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        case_no: str = options["case"]
        if case_no and not Case.objects.filter(case_no=case_no).exists():
            raise CommandError("没有这个编号的事项。")
        faults = list(broken_cases(case_no))
        if not case_no:
            faults += broken_roots()
        events = CaseEvent.objects.all()
        found = {
            "cases": 1 if case_no else Case.objects.count(),
            "events": (events.filter(case__case_no=case_no) if case_no else events).count(),
            "roots": 0 if case_no else TrailRoot.objects.count(),
            "ok": not faults,
            "faults": faults,
        }
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        elif faults:
            self.stdout.write("\n".join(faults))
        else:
            self.stdout.write(
                f"{found['cases']} 件事项的 {found['events']} 条记录、{found['roots']} 个每日存证，均未被改动。"
            )
        if faults:
            raise SystemExit(1)
