"""`manage.py assign_heads --under CODE [--dry-run] [--json]`: link households to corridor heads."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from residents.assigning import Proposal, area_q, propose
from residents.linking.values import HIGH, LOW, histogram
from residents.models import Household
from residents.services import apply_assignment


class Command(BaseCommand):
    help = "为红色楼道长分配联系户：就近、连片、每人约 10 户，已有联系尽量不变。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--under", required=True, metavar="CODE", help="网格、社区、街道或区县的编码"
        )
        parser.add_argument("--dry-run", action="store_true", help="只算不改")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        day = timezone.localdate()
        try:
            homes = Household.objects.filter(area_q(options["under"]))
            if options["dry_run"]:
                proposal = propose(homes, day)
            else:
                proposal = apply_assignment(homes=homes, day=day, by=None)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        facts = summary(proposal)
        if options["json"]:
            self.stdout.write(json.dumps(facts, ensure_ascii=False))
            return
        self.stdout.write(
            f"住户 {facts['households']} 户，楼道长 {facts['heads']} 人；"
            f"有楼道长联系 {facts['covered_before']} → {facts['covered']} 户，"
            f"新联系 {facts['gained']} 户，换人 {facts['moved']} 户，未覆盖 {facts['uncovered']} 户。"
        )
        for load, heads in facts["loads"].items():
            mark = "" if LOW <= load <= HIGH else "（不在 8–12 户之间）"
            self.stdout.write(f"  联系 {load} 户的楼道长 {heads} 人{mark}")
        self.stdout.write("只是预览，没有改动。" if options["dry_run"] else "已分配。")


def summary(proposal: Proposal) -> dict[str, Any]:
    """Return the figures of an assignment; `loads` is load → heads."""
    plan = proposal.plan
    return {
        "households": len(proposal.homes),
        "heads": len(plan.loads),
        "covered_before": proposal.covered_before,
        "covered": proposal.covered_after,
        "uncovered": len(plan.uncovered),
        "gained": plan.gained,
        "moved": plan.moved,
        "lost": plan.lost,
        "loads": histogram(plan.loads),
    }
