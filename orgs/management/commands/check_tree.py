"""manage.py check_tree: exit 0 when the organisation tree is sound, else 1 and the faults."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orgs.integrity import tree_problems
from orgs.models import OrgUnit


class Command(BaseCommand):
    help = "检查组织树的编号、层级和上下级是否完好"

    def handle(self, *args: Any, **options: Any) -> None:
        problems = tree_problems()
        for problem in problems[:200]:
            self.stderr.write(problem)
        count = OrgUnit.objects.count()
        if problems:
            raise CommandError(f"组织树有 {len(problems)} 处问题（共 {count} 个组织）。")
        trees = OrgUnit.objects.filter(parent=None).count()
        self.stdout.write(f"组织树完好：{trees} 棵树，{count} 个组织。")
