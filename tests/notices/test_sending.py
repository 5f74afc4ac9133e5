"""The outbox against a recording server: retries, limits, quiet hours, digests, dead workers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from notices import services
from notices.catalog import MOST_ATTEMPTS, MessageState, Urgency
from notices.models import Channel, OutboxMessage
from notices.services.sending import claim_next
from notices.transports import dingtalk, post
from tests.notices.receiver import MORNING, Receiver
from tests.town import Town

pytestmark = pytest.mark.django_db
State = MessageState
Make = Callable[..., Channel]


def tell(channel: Channel, key: str = "a", now: datetime = MORNING, **more: Any) -> None:
    services.notify(
        kind="case.group", to=[channel], key=key, street=channel.street_id, now=now,
        link="/cases/1/", about="路灯（第一网格，S1）", move="上报", **more,
    )  # fmt: skip


def deliver(now: datetime = MORNING) -> dict[str, int]:
    return services.deliver(clock=lambda: now)


def only() -> OutboxMessage:
    return OutboxMessage.objects.get()


def test_a_message_reaches_the_wechat_robot_in_its_shape(channel: Make, server: Receiver) -> None:
    tell(channel())
    assert deliver() == {"sent": 1, "later": 0, "dead": 0}
    [posted] = server.posted
    assert posted.path == "/hook?key=wecom0"
    assert posted.json["msgtype"] == "markdown"
    assert "上报：路灯（第一网格，S1）" in posted.json["markdown"]["content"]
    assert "(https://grid.example/cases/1/)" in posted.json["markdown"]["content"]
    assert (only().state, only().attempts) == (State.SENT, 1)


def test_the_same_key_is_sent_once(channel: Make, server: Receiver) -> None:
    robot = channel()
    tell(robot)
    tell(robot)
    deliver()
    tell(robot)
    assert deliver()["sent"] == 0
    assert len(server.posted) == 1


def test_an_emergency_is_plain_text_that_calls_everybody(channel: Make, server: Receiver) -> None:
    tell(channel(), urgency=Urgency.EMERGENCY)
    deliver()
    assert server.posted[0].json["msgtype"] == "text"
    assert server.posted[0].json["text"]["mentioned_list"] == ["@all"]


def test_after_a_500_it_is_tried_again_later_with_the_same_key(
    channel: Make, server: Receiver
) -> None:
    server.answers = [(500, "oops")]
    tell(channel())
    assert deliver()["later"] == 1
    message = only()
    assert message.state == State.WAITING
    assert timedelta(minutes=1) <= message.not_before - MORNING <= timedelta(seconds=72)
    assert deliver(MORNING + timedelta(seconds=59)) == {"sent": 0, "later": 0, "dead": 0}
    assert deliver(MORNING + timedelta(seconds=73))["sent"] == 1
    first, second = (posted.headers["Idempotency-Key"] for posted in server.posted)
    assert first == second


def test_it_gives_up_after_the_last_attempt_and_can_be_sent_again(
    channel: Make, server: Receiver, town: Town
) -> None:
    server.answers = [(503, "")] * MOST_ATTEMPTS
    tell(channel())
    now, pauses = MORNING, []
    while only().state == State.WAITING:
        deliver(now)
        pauses.append(only().not_before - now)
        now = now.replace(hour=10) + timedelta(days=1)
    assert (only().state, only().attempts) == (State.DEAD, MOST_ATTEMPTS)
    assert pauses[0] < pauses[1] < pauses[2]
    services.send_again(message=only(), by=town.users["street_admin"])
    assert services.deliver(clock=lambda: now + timedelta(days=900))["sent"] == 1


def test_a_timeout_is_tried_again(channel: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*args: object, **more: object) -> None:
        raise TimeoutError("https://secret.example/key=1")

    monkeypatch.setattr("http.client.HTTPConnection.request", slow)
    tell(channel())
    assert deliver()["later"] == 1
    assert only().last_error == "连接失败（TimeoutError）"


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ((200, '{"errcode": 45009}'), State.WAITING),
        ((200, '{"errcode": -1}'), State.WAITING),
        ((200, "<html>"), State.WAITING),
        ((429, ""), State.WAITING),
        ((200, '{"errcode": 93000}'), State.DEAD),
        ((404, ""), State.DEAD),
        ((302, ""), State.DEAD),
    ],
)
def test_an_answer_decides_between_later_and_never(
    channel: Make, server: Receiver, answer: tuple[int, str], state: str
) -> None:
    server.answers = [answer]
    tell(channel())
    deliver()
    assert only().state == state
    assert len(server.posted) == 1


def test_only_allowed_origins_are_reached(channel: Make, settings: Any, server: Receiver) -> None:
    tell(channel())
    settings.NOTICE_ORIGINS = ["https://qyapi.weixin.qq.com"]
    assert deliver()["dead"] == 1
    assert server.posted == []
    for url in (
        "http://qyapi.weixin.qq.com/x", "https://qyapi.weixin.qq.com.evil.cn/", "file:///etc/passwd",
        "https://u@qyapi.weixin.qq.com/", "https://qyapi.weixin.qq.com:8443/", "x",
    ):  # fmt: skip
        assert not post.is_allowed(url)
    assert post.is_allowed("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1")


def test_a_dingtalk_message_is_signed(
    channel: Make, server: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 1_780_000_000.5)
    tell(channel("dingtalk", secret="SECabc"))
    deliver()
    [posted] = server.posted
    assert "timestamp=1780000000500&sign=" in posted.path
    assert posted.json["msgtype"] == "markdown"
    # By `openssl dgst -sha256 -hmac SECabc -binary | base64` over "1780000000500\nSECabc".
    assert dingtalk.signature("SECabc", "1780000000500") == DINGTALK_SIGN


DINGTALK_SIGN = "/u+O6ZVpkdaA0P2oEdnNwrfRNGWqungwovlbzBmbSdE="


def test_a_robot_gets_twenty_a_minute(channel: Make, server: Receiver) -> None:
    robot = channel()
    for number in range(25):  # emergencies, so that they do not become one digest
        tell(robot, str(number), urgency=Urgency.EMERGENCY)
    assert deliver()["sent"] == 20
    assert deliver(MORNING + timedelta(seconds=59))["sent"] == 0
    assert deliver(MORNING + timedelta(seconds=61))["sent"] == 5
    assert len(server.posted) == 25


def test_at_night_only_emergencies_go(channel: Make, server: Receiver) -> None:
    night = MORNING.replace(hour=23)
    robot = channel()
    tell(robot, "a", night)
    tell(robot, "b", night, urgency=Urgency.EMERGENCY)
    assert deliver(night)["sent"] == 1
    assert deliver(night + timedelta(hours=7, minutes=59))["sent"] == 0
    assert deliver(night + timedelta(hours=8))["sent"] == 1


def test_many_waiting_messages_become_one_digest(channel: Make, server: Receiver) -> None:
    robot = channel()
    for number in range(300):
        tell(robot, str(number))
    assert deliver()["sent"] == 1
    [posted] = server.posted
    assert "300 条通知" in posted.json["markdown"]["content"]
    assert "网格群动态：300 条" in posted.json["markdown"]["content"]
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {State.SENT}


def test_a_worker_killed_in_mid_send_leaves_its_parcel_to_the_next(
    channel: Make, server: Receiver
) -> None:
    robot = channel()
    for number in range(10):
        tell(robot, str(number))
    dead = claim_next(MORNING)
    assert dead is not None
    assert len(dead.rows) == 10
    assert deliver(MORNING + timedelta(minutes=2)) == {"sent": 0, "later": 0, "dead": 0}
    assert deliver(MORNING + timedelta(minutes=4))["sent"] == 1
    assert server.posted[0].headers["Idempotency-Key"] == dead.batch
    assert set(OutboxMessage.objects.values_list("attempts", flat=True)) == {2}


def test_a_slow_worker_does_not_overwrite_who_took_over(channel: Make, server: Receiver) -> None:
    from notices.services.sending import _finish

    tell(channel())
    slow = claim_next(MORNING)
    assert slow is not None
    assert deliver(MORNING + timedelta(minutes=4))["sent"] == 1
    _finish(slow, state=State.WAITING)
    assert only().state == State.SENT


def test_sms_fills_the_template_of_the_gateway(channel: Make, server: Receiver, town: Town) -> None:
    channel(
        "sms", org=town.street, template='{"to": ["{phone}"], "words": "{text}", "id": "{key}"}',
        expects="accepted",
    )  # fmt: skip
    server.answers = [(200, "accepted")]
    from orgs.fields import Sealed

    services.notify(
        kind="case.resident", to=[services.Resident(Sealed.of("16900000001"))], key="r",
        street=town.street.pk, now=MORNING, number="S1", public='已"销号"。',
    )  # fmt: skip
    assert deliver()["sent"] == 1
    body = server.posted[0].json
    assert (body["to"], body["words"]) == (["16900000001"], '您反映的问题（S1）：已"销号"。')
    assert not only().phone  # forgotten once sent


def test_an_email_goes_to_those_who_chose_it(town: Town, settings: Any, mailoutbox: Any) -> None:
    settings.NOTICE_EMAIL = True
    user = town.users["grid_head"]
    user.email = "li@example.org"
    user.save()
    facts: dict[str, Any] = {
        "kind": "case.next",
        "to": [user],
        "now": MORNING,
        "about": "路灯",
        "move": "上报",
    }
    services.notify(key="1", **facts)
    services.choose(by=user, kind="case.next", transports=["email"], digest=False)
    services.notify(key="2", **facts)
    services.choose(by=user, kind="case.next", transports=["email"], digest=True)
    services.notify(key="3", **facts)
    services.notify(key="4", **facts)
    assert deliver()["sent"] == 1
    assert deliver(MORNING.replace(hour=17, minute=31))["sent"] == 1
    assert [mail.subject for mail in mailoutbox] == ["轮到您办理：路灯", "2 条通知"]
    assert user.notifications.count() == 4
