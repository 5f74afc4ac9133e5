"""manage.py load_divisions FILE [--streets] [--under CODE] [--json]"""

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from orgs.divisions.codes import DivisionFileError
from orgs.divisions.loading import Loaded, load_divisions

MOST_SHOWN = 100


class Command(BaseCommand):
    help = "载入区划代码（code,name,parent_code,level；.csv 或 .csv.xz）。重复运行不会重复写入。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="区划文件")
        parser.add_argument("--streets", action="store_true", help="同时建立街道和社区两级党组织")
        parser.add_argument("--under", default="", metavar="CODE", help="只载入这个区划及其下级")
        parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            loaded = load_divisions(
                options["file"], streets=options["streets"], under=options["under"].strip()
            )
        except DivisionFileError as error:
            raise CommandError(_listed(error.problems)) from None
        counts = _counts(loaded, time.monotonic() - started)
        if options["json"]:
            self.stdout.write(json.dumps(counts))
            return
        self.stdout.write(
            "区划 {rows} 行：新增 {created}，更名 {renamed}，不变 {unchanged}。".format(**counts)
        )
        if loaded.regions.tops:
            tops = "、".join(loaded.regions.tops[:10])
            self.stdout.write(f"上级不在文件和库里，暂作为顶级载入：{tops}。")
        if options["streets"]:
            self.stdout.write(
                "党组织：新建 {trees} 棵树、{nodes} 个组织，补充社区 {added} 个，更名 "
                "{org_renamed} 个。".format(**counts)
            )


def _listed(problems: list[str]) -> str:
    shown = "\n".join(problems[:MOST_SHOWN])
    rest = len(problems) - MOST_SHOWN
    more = f"\n……另有 {rest} 处" if rest > 0 else ""
    return f"区划文件有 {len(problems)} 处问题，没有写入任何数据：\n{shown}{more}"


def _counts(loaded: Loaded, seconds: float) -> dict[str, float]:
    return {
        "rows": loaded.rows,
        "doubles": loaded.doubles,
        "created": loaded.regions.created,
        "renamed": len(loaded.regions.renamed),
        "unchanged": loaded.regions.unchanged,
        "trees": loaded.trees.trees,
        "nodes": loaded.trees.nodes,
        "added": loaded.trees.added,
        "org_renamed": loaded.trees.renamed,
        "seconds": round(seconds, 2),
    }
