"""`manage.py prove_scope`: nobody sees what is not theirs, proved on a generated town."""

import json
import logging
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import connection
from django.test import override_settings

from gridparty.demo.build import build
from gridparty.demo.scale import SMALL
from gridparty.prove.matrix import as_markdown
from gridparty.prove.proof import NAMES, Proof, prove

MATRIX = "docs/access-matrix.md"


class Command(BaseCommand):
    help = (
        "在临时数据库里生成两个街道，用每个角色走遍所有地址：不该看到的一行都不能出现，"
        "别人的行要和不存在的行一样回答。有一处不对就以 1 退出。"
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="结果写成 JSON")
        parser.add_argument("--as", dest="names", nargs="+", choices=NAMES, help="只走这些账号")
        parser.add_argument("--write", action="store_true", help=f"更新 {MATRIX}（要走全部账号）")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("prove_scope 要建临时数据库，请在开发或测试环境运行。")
        if options["write"] and options["names"]:
            raise CommandError("--write 要走全部账号，请去掉 --as。")
        proof = self._in_a_database_of_its_own(options["names"] or NAMES, quiet=options["json"])
        if options["write"]:
            Path(settings.BASE_DIR, MATRIX).write_text(as_markdown(proof), encoding="utf-8")
        self.stdout.write(as_json(proof) if options["json"] else in_words(proof))
        if not proof.holds:
            raise SystemExit(1)

    def _in_a_database_of_its_own(self, names: Any, *, quiet: bool) -> Proof:
        logging.disable(logging.CRITICAL)  # thousands of refusals are the point here
        kept = str(settings.DATABASES["default"]["NAME"])
        if connection.vendor == "postgresql":  # not the one a running suite uses
            connection.settings_dict["TEST"]["NAME"] = f"prove_{kept}"
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            with TemporaryDirectory() as media, override_settings(MEDIA_ROOT=media):
                build(scale=SMALL)
                return prove(
                    names=names, tell=lambda line: None if quiet else self.stdout.write(line)
                )
        finally:
            logging.disable(logging.NOTSET)
            connection.creation.destroy_test_db(kept, verbosity=0)


def as_json(proof: Proof) -> str:
    return json.dumps(
        {
            "addresses": proof.addresses, "holds": proof.holds,
            "unknown": [address.route for address in proof.unknown],
            "leaks": [leak._asdict() for leak in proof.leaks], "allowed": len(proof.allowed),
        },
        ensure_ascii=False, indent=2,
    )  # fmt: skip


def in_words(proof: Proof) -> str:
    lines = [
        f"{one.user} {one.address} {one.problem} {one.model} {one.pk or ''}" for one in proof.leaks
    ]
    lines += [
        f"认不出这个地址里的编号：{address.name} {address.route}" for address in proof.unknown
    ]
    end = "没有多看到一行。" if proof.holds else f"有 {len(lines)} 处不对，见上。"
    return "\n".join([*lines, f"走了 {proof.addresses} 个地址。{end}"])
