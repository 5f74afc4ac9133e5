"""Give an app of others a key for the open interface, or a new one in place of its old."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_date

from cases.models import AppKey
from cases.services.apps import give_key
from orgs.models import OrgUnit


class Command(BaseCommand):
    help = "发放开放接口（Open311）的 api_key；同一街道同名应用则换发，旧密钥立即失效。密钥只打印这一次。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="应用名称")
        parser.add_argument("--street", required=True, help="街道的区划代码（9 位或 12 位）")
        parser.add_argument("--contact", default="", help="运营单位")
        parser.add_argument("--publishes", action="store_true", help="应用已告知反映人内容会公开")
        parser.add_argument("--expires", help="有效期至，如 2027-12-31")

    def handle(self, *args: Any, **options: Any) -> None:
        roots = OrgUnit.objects.active().filter(parent=None)
        street = roots.filter(division_code__startswith=options["street"]).first()
        if street is None or len(options["street"]) < 9:
            raise CommandError(f"没有找到街道“{options['street']}”，请用 9 位或 12 位区划代码。")
        expires = parse_date(options["expires"]) if options["expires"] else None
        if options["expires"] and expires is None:
            raise CommandError("--expires 应写成 2027-12-31。")
        app = AppKey.objects.filter(name=options["name"], street=street).first()
        app = app or AppKey(name=options["name"], street=street)
        app.contact = options["contact"] or app.contact
        app.publishes = app.publishes or options["publishes"]
        app.expires_on = expires or app.expires_on
        app.is_active = True
        self.stdout.write(give_key(app=app, by=None))
