"""Import a household roster (居民花名册) from a spreadsheet into a street or community."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from grids.locate import communities_under
from residents.roster.apply import Result
from residents.roster.errors import RosterFileError
from residents.roster.report import write_report
from residents.roster.sheets import MAX_FILE_BYTES
from residents.services.roster import import_roster

SHOWN_ISSUES = 20


class Command(BaseCommand):
    help = "导入居民花名册（.xlsx .xls .et .ods .csv）；同一份文件重复导入不会重复登记"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="花名册文件")
        parser.add_argument("--under", required=True, help="街道代码（9 位）或社区代码（12 位）")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument(
            "--report", metavar="OUT.xlsx", help="把结果（每行结果和原因）写入这个文件"
        )
        parser.add_argument("--json", action="store_true", help="以 JSON 输出统计")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 when the file was processed, 1 with one line when it could not be read."""
        try:
            data = _read(Path(options["file"]))
            result = import_roster(
                data=data,
                communities=communities_under(options["under"]),
                today=timezone.localdate(),
                by=None,
                dry_run=options["dry_run"],
            )
        except RosterFileError as error:
            raise CommandError(error.message_zh) from None
        except ValidationError as error:
            raise CommandError("".join(error.messages)) from None
        if options["report"]:
            _write(Path(options["report"]), write_report(data, result))
        if options["json"]:
            told = result.counts.as_dict() | {"issues": dict(sorted(result.kinds().items()))}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write(_summary(result, dry_run=options["dry_run"]))


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise CommandError(
                f"文件超过 {MAX_FILE_BYTES // 1024 // 1024} MB，请删去图片或分开导入"
            )
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"无法读取文件 {path}：{error.strerror}") from None


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise CommandError(f"结果文件写不进 {path}：{error.strerror}") from None


def _summary(result: Result, *, dry_run: bool) -> str:
    counts = result.counts
    lines = [
        "只检查，没有写入。" if dry_run else "导入完成。",
        f"居民 {counts.rows} 行：新增 {counts.create}，更新 {counts.update}，未变 {counts.unchanged}，"
        f"冲突 {counts.conflict}，未导入 {counts.reject}，重复跳过 {counts.skip}；"
        f"提醒 {counts.warn} 行",
        f"涉及 {counts.households} 户 {counts.persons} 人，用时 {counts.seconds} 秒；"
        f"另有 {len(result.parsed.skips)} 行不是居民（空行、表头、合计等）",
    ]
    serious = [issue for issue in result.issues if issue.severity != "info"]
    for issue in serious[:SHOWN_ISSUES]:
        lines.append(f"  {issue.cell} {issue.column}：{issue.message}")
    if len(serious) > SHOWN_ISSUES:
        lines.append(f"  另有 {len(serious) - SHOWN_ISSUES} 处，请用 --report 查看")
    return "\n".join(lines)
