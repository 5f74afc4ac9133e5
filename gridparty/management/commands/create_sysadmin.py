"""`manage.py create_sysadmin NAME`: the first log-in of a new installation.

Django's `createsuperuser` makes a user without a role, who may do nothing here.
"""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import transaction

from orgs.roles import Role
from orgs.services import users


class Command(BaseCommand):
    help = "新建一个系统管理员账号（密码在终端输入，不回显）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="登录名")
        parser.add_argument("--name", default="", help="姓名")
        parser.add_argument(
            "--password-stdin", action="store_true", help="从标准输入读一行作为密码（用于脚本）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        password = read_password(options["password_stdin"])
        try:
            with transaction.atomic():
                user = users.create_user(
                    username=options["username"], password=password, name=options["name"], by=None
                )
                users.assign_role(user=user, role=Role.SYSADMIN, by=None)
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from error
        self.stdout.write(f"已新建系统管理员 {user.username}。")


def read_password(from_stdin: bool) -> str:
    """Return the password, typed twice or as one line of standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise CommandError("这里没有终端可以输入密码。脚本中请用 --password-stdin。")
    password = getpass.getpass("密码：")
    if getpass.getpass("再输一次：") != password:
        raise CommandError("两次输入的密码不一样。")
    return password
