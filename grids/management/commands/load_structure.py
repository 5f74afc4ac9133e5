"""Load grids, compounds, buildings and entrances of a street or community from a CSV file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from grids.services.structure import KINDS, Loaded, load_structure
from grids.structure_file import MAX_BYTES, read_structure

LABELS = dict(zip(KINDS, ("社区", "网格", "小区", "楼栋", "单元"), strict=True))


class Command(BaseCommand):
    help = "载入网格结构：网格、小区、楼栋、单元（CSV 或 CSV.XZ，重复载入不会重复创建）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="CSV 文件，可用 xz 压缩")
        parser.add_argument("--under", required=True, help="街道代码（9 位）或社区代码（12 位）")
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
            loaded = load_structure(
                rows=read_structure(data),
                under=options["under"],
                by=None,
                dry_run=options["dry_run"],
            )
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from None
        if options["json"]:
            self.stdout.write(json.dumps(loaded.as_dict(), ensure_ascii=False))
        else:
            self.stdout.write(_summary(loaded, dry_run=options["dry_run"]))


def _summary(loaded: Loaded, *, dry_run: bool) -> str:
    lines = ["只检查，没有写入。" if dry_run else "载入完成。"]
    for kind, label in LABELS.items():
        changed = f"，更新 {loaded.updated[kind]}" if loaded.updated[kind] else ""
        lines.append(f"{label} {loaded.totals[kind]}：新建 {loaded.created[kind]}{changed}")
    return "\n".join(lines)
