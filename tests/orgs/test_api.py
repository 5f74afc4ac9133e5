"""/api/v1/org-units/ and the shared ground: pages, errors, scope, idempotent writes."""

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework import serializers
from rest_framework.exceptions import ValidationError as Invalid
from rest_framework.response import Response
from rest_framework.test import APIClient, APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from orgs.models import IdempotentRequest, OrgUnit
from orgs.rest.errors import chinese_errors
from orgs.rest.idempotency import idempotent
from tests.town import Town

URL = "/api/v1/org-units/"


@pytest.fixture
def call(town: Town):
    def as_(who: str) -> APIClient:
        client = APIClient()
        client.force_authenticate(town.users[who])
        return client

    return as_


def names(answer) -> list[str]:
    return [row["name"] for row in answer.json()["results"]]


def test_it_lists_what_the_user_sees(call, town: Town):
    assert set(names(call("community_staff").get(URL))) == {
        town.community.name, town.branch.name, town.group.name,
    }  # fmt: skip
    assert town.other_branch.name in names(call("sysadmin").get(URL))
    assert call("street_admin").get(f"{URL}{town.other_branch.pk}/").status_code == 404


def test_it_filters(call, town: Town):
    api = call("street_admin")
    assert names(api.get(URL, {"tier": 4})) == [town.group.name]
    assert names(api.get(URL, {"parent": town.branch.pk})) == [town.group.name]
    assert names(api.get(URL, {"division_code": "349901001001"})) == [town.community.name]
    assert names(api.get(URL, {"search": "和平社区"})) == [town.sister_community.name]
    answer = api.get(URL, {"tier": 9})
    assert answer.status_code == 400
    assert "tier" in answer.json()["fields"]
    assert api.get(URL, {"parent": "x"}).status_code == 400
    assert api.get(URL, {"parent": "9" * 30}).json()["fields"]["parent"] == ["编号太大了。"]
    assert api.get(URL, {"search": "甲\0"}).status_code == 400
    assert api.get(URL, {"search": "甲\0"}).json()["detail"]


def test_refusals_have_one_shape_and_chinese_sentences(call, town: Town):
    answer = APIClient().get(URL)
    assert answer.status_code == 401
    assert answer.json() == {"detail": "请先登录。", "code": "not_authenticated", "fields": {}}
    answer = call("volunteer").get(URL)
    assert answer.status_code == 403
    assert "不能查看组织" in answer.json()["detail"]
    answer = call("street_admin").get(f"{URL}999999/")
    assert (answer.status_code, answer.json()["detail"]) == (404, "没有找到，或者您无权查看。")
    assert call("street_admin").post(URL, {}).json()["code"] == "method_not_allowed"
    assert call("street_admin").get(f"{URL}abc/").status_code == 404
    assert call("street_admin").get(f"{URL}{'9' * 40}/").status_code == 404


def test_pages_go_by_keyset(call, town: Town):
    api = call("street_admin")
    first = api.get(URL, {"limit": 4}).json()
    second = api.get(first["next"]).json()
    ids = [row["id"] for row in first["results"] + second["results"]]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == len(set(ids)) == 6
    assert api.get(second["previous"]).json()["results"] == first["results"]
    assert second["next"] is None


@pytest.mark.parametrize("limit", ["0", "-1", "x", "1.5", "９", ""])
def test_a_bad_limit_is_refused(call, limit):
    answer = call("street_admin").get(URL, {"limit": limit})
    assert answer.status_code == 400
    assert answer.json()["fields"]["limit"]


@pytest.mark.parametrize("cursor", ["x", "cD1hYmM=", "%%%", "cD0xJm89LTE=", "ｘ", "bz05OTk5OTk5"])
def test_a_forged_cursor_is_no_server_error(call, cursor):
    assert call("street_admin").get(URL, {"cursor": cursor}).status_code in (200, 404)


def test_a_token_opens_the_api(town: Town):
    from orgs import services

    token = services.issue_token(user=town.users["street_admin"], by=None)
    api = APIClient(HTTP_AUTHORIZATION=f"Token {token}")
    assert api.get(URL).status_code == 200
    services.set_active(user=town.users["street_admin"], active=False, by=None)
    assert api.get(URL).status_code == 401


def test_the_list_costs_the_same_for_more_rows(call, town: Town, django_assert_num_queries):
    api = call("street_admin")
    town.users["street_admin"].__dict__.pop("grants", None)
    with django_assert_num_queries(2):
        api.get(URL)


class NameSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=5)


class Desk(APIView):
    """A view that counts its effects."""

    calls = 0

    @idempotent
    def post(self, request):
        type(self).calls += 1
        if "refuse" in request.data:
            raise ValidationError({"name": "这里不行。"})
        if "deny" in request.data:
            raise PermissionDenied("您不能这样做。")
        if "crash" in request.data:
            OrgUnit.objects.filter(tier=4).update(name="写了一半")
            raise RuntimeError
        if "answer" in request.data:
            OrgUnit.objects.filter(tier=4).update(name="写了一半")
            return Response({"detail": "不行"}, status=409)
        serializer = NameSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response({"name": serializer.validated_data["name"], "n": self.calls}, status=201)


@pytest.fixture
def send(town: Town):
    Desk.calls = 0

    def post(data, key="", who="street_admin", path="/desk/", **extra):
        headers = {"Idempotency-Key": key} if key else {}
        extra.setdefault("format", "json")
        request = APIRequestFactory().post(path, data, headers=headers, **extra)
        force_authenticate(request, town.users[who])
        return Desk.as_view()(request)

    return post


def test_the_same_key_acts_once_and_answers_alike(send):
    first, second = send({"name": "甲"}, "k1"), send({"name": "甲"}, "k1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.data == second.data
    assert second.headers["Idempotent-Replay"] == "true"
    assert "Idempotent-Replay" not in first.headers
    assert Desk.calls == 1


def test_keys_belong_to_one_user_and_one_request(send):
    send({"name": "甲"}, "k1")
    assert send({"name": "乙"}, "k1").status_code == 422
    assert send({"name": "甲"}, "k1", path="/other/").status_code == 422
    assert send({"name": "甲"}, "k1", who="dispatcher").status_code == 201
    assert send({"name": "甲"}).status_code == 201
    assert Desk.calls == 3


def test_a_refusal_is_not_remembered(send):
    answer = send({"refuse": 1}, "k1")
    assert answer.status_code == 400
    assert answer.data["fields"] == {"name": ["这里不行。"]}
    assert send({"deny": 1}, "k1").data["detail"] == "您不能这样做。"
    assert send({"name": "太长的名字了"}, "k1").status_code == 400
    assert not IdempotentRequest.objects.exists()
    assert send({"name": "甲"}, "k1").status_code == 201


def test_a_failure_leaves_nothing_behind(send, town: Town):
    with pytest.raises(RuntimeError):
        send({"crash": 1}, "k1")
    assert send({"answer": 1}, "k2").status_code == 409
    town.group.refresh_from_db()
    assert town.group.name == "1栋党小组"
    assert not IdempotentRequest.objects.exists()


@pytest.mark.parametrize("key", ["长", "x" * 81, "a\tb"])
def test_a_bad_key_is_refused(send, key):
    assert send({"name": "甲"}, key.encode().decode("latin-1")).status_code == 400
    assert Desk.calls == 0


def test_files_count_by_content_not_by_boundary(send):
    def form(content):
        photo = SimpleUploadedFile("a.jpg", content)
        return send({"name": "甲", "photo": photo}, "k1", format="multipart")

    assert form(b"one").status_code == 201
    assert form(b"one").headers["Idempotent-Replay"] == "true"
    assert form(b"two").status_code == 422


@pytest.mark.parametrize(
    "body",
    ['{"name": "甲\\u0000"}', '{"甲\\u0000": 1}', '{"name": "\\ud800"}', '["\\u0000"]',
     '{"a": [{"b": "\\u0000"}]}', "{", "", "[" * 100_000],
)  # fmt: skip
def test_unstorable_text_and_broken_json_are_refused(town: Town, body):
    request = APIRequestFactory().post("/desk/", body.encode(), content_type="application/json")
    force_authenticate(request, town.users["street_admin"])
    answer = Desk.as_view()(request)
    assert answer.status_code == 400
    assert json.dumps(answer.data)
    assert answer.data["detail"]


def test_unstorable_text_in_forms_is_refused(send):
    assert send({"name": "甲\0"}, format="multipart").status_code == 400


def test_nested_errors_keep_their_path(town: Town):
    answer = chinese_errors(Invalid({"rows": [{}, {"name": ["必填。"]}], "x": ["错"]}), {})
    assert answer
    assert answer.data["fields"] == {"rows.1.name": ["必填。"], "x": ["错"]}
    answer = chinese_errors(Invalid("整体不行。"), {})
    assert answer
    assert answer.data["detail"] == "整体不行。"
