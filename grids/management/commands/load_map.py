"""Load outlines of grids and communities and points of buildings from a GeoJSON file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from grids.locate import communities_under
from grids.map_file import MAX_BYTES
from grids.services.mapload import load_map


class Command(BaseCommand):
    help = "载入地图：网格和社区的边界、楼栋的位置（GeoJSON；有一处错误就全部不写入）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="GeoJSON 文件")
        parser.add_argument("--under", required=True, help="街道代码（9 位）或社区代码（12 位）")
        parser.add_argument("--gcj", action="store_true", help="文件是 GCJ-02 坐标（高德、腾讯）")
        parser.add_argument("--accept-overlaps", action="store_true", help="网格互相重叠也写入")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            if path.stat().st_size > MAX_BYTES:
                raise CommandError(f"文件太大，最多 {MAX_BYTES // 1024 // 1024} MB。")
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"无法读取文件 {path}：{error.strerror}") from None
        try:
            loaded = load_map(
                data=data,
                communities=communities_under(options["under"]),
                by=None,
                gcj=options["gcj"],
                accept_overlaps=options["accept_overlaps"],
                dry_run=options["dry_run"],
            )
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from None
        issues = loaded.plan.issues
        if options["json"]:
            found = {"counts": loaded.counts, "issues": [vars(issue) for issue in issues]}
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for issue in issues:
            self.stdout.write(("错误 " if issue.severity == "error" else "提醒 ") + str(issue))
        counts = loaded.counts
        self.stdout.write("只检查，没有写入。" if options["dry_run"] else "载入完成。")
        self.stdout.write(
            f"网格 {counts['grids']}：新画 {counts['create']}，更新 {counts['update']}，"
            f"未变 {counts['unchanged']}；社区 {counts['communities']}；楼栋 {counts['buildings']}"
        )
