"""`manage.py demo`: fill an empty database with the demonstration. Refuses in production."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gridparty.demo.accounts import PASSWORD
from gridparty.demo.build import build, is_empty
from gridparty.demo.profiles import PROFILES
from gridparty.demo.scale import SCALES


class Command(BaseCommand):
    help = (
        "在空数据库里生成演示数据（三种组织架构、虚构居民和一个月的事项）。已有数据时不做任何改动。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--scale", choices=sorted(SCALES), default="full", help="full 全量（默认），small 少量"
        )
        parser.add_argument(
            "--profile", choices=sorted(PROFILES), action="append", default=[],
            help="再把这个城市补足到报道里的规模（几分钟，可重复）："
            "xuancheng 宣城市，huangshan 黄山市，haiheng 海恒社区",
        )  # fmt: skip
        parser.add_argument("--seed", type=int, default=1, help="随机种子，相同种子得到相同数据")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("演示数据的密码是公开的，生产环境不能生成。")
        if not is_empty():
            self.stdout.write("数据库里已有数据，演示数据不再生成，原有数据没有改动。")
            return
        started = time.perf_counter()
        profiles = [PROFILES[key] for key in dict.fromkeys(options["profile"])]
        build(
            scale=SCALES[options["scale"]], seed=options["seed"], tell=self._teller(options),
            profiles=profiles,
        )  # fmt: skip
        seconds = time.perf_counter() - started
        self.stdout.write(f"演示数据已生成，用时 {seconds:.0f} 秒。演示账号的密码都是 {PASSWORD}。")
        for profile in profiles:
            self.stdout.write(
                f"{profile.label}已补足到报道里的规模：用 {profile.login} 登录，看 党建 → 报告数字。"
            )

    def _teller(self, options: dict[str, Any]) -> Any:
        def tell(step: str, seconds: float) -> None:
            if options["verbosity"] >= 2:
                self.stdout.write(f"  {step} {seconds:.1f} 秒")
                self.stdout.flush()

        return tell
