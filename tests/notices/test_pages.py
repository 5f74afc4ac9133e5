"""The inbox is its owner's alone; channels and dead messages are their street's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notices import services
from notices.models import Channel, Notification, OutboxMessage, Preference
from orgs.models import AuditEntry
from tests.town import Town

Enter = Callable[[str], Client]
HOOK = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a"
KEEPERS = {
    "sysadmin", "street_admin", "community_staff", "community_secretary", "other_street_admin",
    "other_community_staff",
}  # fmt: skip


def tell(town: Town, who: str, key: str, link: str = "/grids/") -> Notification:
    services.notify(
        kind="case.next", to=[town.users[who]], key=key, link=link, about="路灯", move="上报"
    )
    return Notification.objects.get(user=town.users[who], key=key)


def robot(town: Town, address: str = HOOK) -> Channel:
    return services.save_channel(
        channel=None, by=town.users["street_admin"], name="社区群", transport="wecom",
        org=town.community, address=address,
    )  # fmt: skip


def dead(town: Town) -> OutboxMessage:
    return OutboxMessage.objects.create(
        kind="case.group", key="dead", transport="wecom", channel=robot(town), title="t",
        street=town.street, urgency=0, not_before=timezone.now(), state="dead", attempts=8,
    )  # fmt: skip


def test_opening_a_letter_reads_it_and_goes_there(town: Town, enter: Enter) -> None:
    letter = tell(town, "grid_head", "a")
    client = enter("grid_head")
    assert "轮到您办理：路灯" in client.get("/notices/").content.decode()
    answer = client.post(f"/notices/{letter.pk}/open/")
    assert (answer.status_code, answer["Location"]) == (302, "/grids/")
    assert "没有未读消息" in client.get("/notices/").content.decode()
    assert "轮到您办理：路灯" in client.get("/notices/?show=all").content.decode()


def test_nobody_opens_anothers_letter(town: Town, enter: Enter) -> None:
    letter = tell(town, "grid_head", "a")
    assert enter("sysadmin").post(f"/notices/{letter.pk}/open/").status_code == 404
    letter.refresh_from_db()
    assert letter.read_at is None


def test_all_are_read_at_once_by_kind(town: Town, enter: Enter) -> None:
    tell(town, "grid_head", "a")
    tell(town, "grid_worker_ft", "a")
    enter("grid_head").post("/notices/read/", {"kind": "case.urged"})
    assert Notification.objects.unread().count() == 2
    enter("grid_head").post("/notices/read/", {"kind": "case.next"})
    assert Notification.objects.unread().get().user == town.users["grid_worker_ft"]


def test_the_inbox_needs_as_many_queries_for_fifty_letters(town: Town, enter: Enter) -> None:
    client, counts = enter("grid_head"), []
    for many in (1, 40):
        for number in range(many):
            tell(town, "grid_head", f"{many}-{number}")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/notices/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 9


def test_choices_are_kept_and_shown_again(town: Town, enter: Enter) -> None:
    client = enter("grid_head")
    asked = {"case-next-transports": ["email"], "case-next-digest": "on"}
    assert client.post("/notices/choices/", asked).status_code == 302
    kept = Preference.objects.get(user=town.users["grid_head"], kind="case.next")
    assert (kept.transports, kept.digest) == (["email"], True)
    assert client.post("/notices/choices/", {"case-next-transports": "pigeon"}).status_code == 200


def test_only_keepers_of_an_organisation_reach_the_channels(town: Town, enter: Enter) -> None:
    for page in ("/notices/channels/", "/notices/outbox/", "/notices/channels/new/"):
        allowed = {who for who in town.users if enter(who).get(page).status_code == 200}
        assert allowed == KEEPERS


def test_a_channel_is_registered_and_its_address_never_shown(town: Town, enter: Enter) -> None:
    client = enter("community_staff")
    form: dict[str, Any] = {
        "name": "群", "transport": "wecom", "org": town.community.pk, "is_active": "on",
        "address": "http://127.0.0.1/hook",
    }  # fmt: skip
    refused = client.post("/notices/channels/new/", form)
    assert "不在允许的范围内" in refused.content.decode()
    assert client.post("/notices/channels/new/", {**form, "address": HOOK}).status_code == 302
    row = Channel.objects.get()
    assert row.address.reveal() == HOOK
    assert HOOK not in client.get(f"/notices/channels/{row.pk}/").content.decode()
    again = client.post("/notices/channels/new/", {**form, "address": HOOK})
    assert "已经登记过" in again.content.decode()
    kept = {**form, "name": "新群名", "address": ""}
    assert client.post(f"/notices/channels/{row.pk}/", kept).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.address.reveal()) == ("新群名", HOOK)


def test_a_channel_is_tried_from_its_own_street_only(town: Town, enter: Enter) -> None:
    row = robot(town)
    assert enter("other_street_admin").post(f"/notices/channels/{row.pk}/trial/").status_code == 404
    enter("street_admin").post(f"/notices/channels/{row.pk}/trial/")
    assert OutboxMessage.objects.get().kind == "notices.trial"


def test_a_dead_message_is_sent_again_once(town: Town, enter: Enter) -> None:
    message = dead(town)
    assert (
        enter("other_street_admin").post(f"/notices/outbox/{message.pk}/again/").status_code == 404
    )
    client = enter("street_admin")
    assert "重新发送" in client.get("/notices/outbox/").content.decode()
    client.post(f"/notices/outbox/{message.pk}/again/")
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("waiting", 0)
    late = client.post(f"/notices/outbox/{message.pk}/drop/", follow=True)
    assert "已被他人处理" in late.content.decode()
    assert AuditEntry.objects.filter(action="outbox.again").count() == 1
