"""The log-in page: demo log-ins only where the demo is, and never in production."""

import pytest

from gridparty.demo.accounts import CAST
from orgs.models import User


@pytest.fixture
def demo_users(db):
    User.objects.bulk_create(User(username=account.username) for account in CAST)


def test_an_installation_shows_no_log_ins(client, town):
    assert "演示账号" not in client.get("/login/").content.decode()


def test_a_demonstration_offers_its_log_ins(client, demo_users):
    page = client.get("/login/").content.decode()
    assert "演示账号" in page
    assert page.count('class="demo-account"') == len(CAST)


def test_production_never_offers_them(client, demo_users, settings):
    settings.PRODUCTION = True
    assert "演示账号" not in client.get("/login/").content.decode()


def test_a_wrong_password_is_refused_in_chinese(client, town):
    page = client.post("/login/", {"username": "grid_head", "password": "nonsense"})
    assert page.status_code == 200
    assert "alert-danger" in page.content.decode()


def test_a_log_in_leads_home(client, town):
    page = client.post("/login/", {"username": "grid_head", "password": "gridparty-demo"})
    assert page.status_code == 302
    assert page.url == "/"


def test_five_failures_lock_the_account_at_that_address(client, town, settings):
    settings.AXES_ENABLED = True
    for _ in range(5):
        page = client.post("/login/", {"username": "grid_head", "password": "nonsense"})
    assert page.status_code == 429
    assert "15 分钟" in page.content.decode()
    page = client.post("/login/", {"username": "grid_head", "password": "gridparty-demo"})
    assert page.status_code == 429
