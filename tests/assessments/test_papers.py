"""自评材料: scope, the content decides, size, only while the grid writes its self-review."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assessments.models import Evidence
from assessments.workflow import Status
from orgs import sealedfiles
from tests.assessments.test_quarter_life import begin, mine
from tests.town import Town

PDF = b"%PDF-1.4 a list of signatures"


def upload(client: Client, pk: int, data: bytes = PDF, title: str = "签到表") -> Any:
    file = SimpleUploadedFile("whatever.exe", data)
    return client.post(f"/assessments/{pk}/evidence/", {"title": title, "file": file})


def test_a_grid_puts_papers_beside_its_review(
    town: Town, drafts: Any, enter: Callable[[str], Client]
) -> None:
    begin(town)
    row, head = mine(town), enter("grid_head")
    assert "上传材料" in head.get(f"/assessments/{row.pk}/").content.decode()
    assert upload(head, row.pk).status_code == 302
    kept = Evidence.objects.get()
    assert sealedfiles.read(kept.stored_as) == PDF
    address = f"/assessments/{row.pk}/evidence/{kept.pk}/"
    answer = enter("street_admin").get(address)
    assert (answer.content, answer["Content-Type"]) == (PDF, "application/pdf")
    assert "attachment" in answer["Content-Disposition"]
    for who in ("other_street_admin", "sister_grid_head"):
        assert enter(who).get(address).status_code == 404
    assert enter("street_admin").post(f"{address}drop/").status_code == 403
    head.post(f"/assessments/{row.pk}/steps/submit/", {"note": "本季办结及时"})
    head.post(f"{address}drop/")
    assert Evidence.objects.exists()  # handed in is handed in
    assert "只能在" in upload(head, row.pk).content.decode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"MZ program", "请上传 PDF、JPG 或 PNG 文件"), (b"%PDF" + b"x" * (10 * 1024 * 1024), "超过 10 MB"),
     (b"", "空")],
)  # fmt: skip
def test_what_is_no_paper_is_refused(
    town: Town, drafts: Any, enter: Callable[[str], Client], data: bytes, sentence: str
) -> None:
    begin(town)
    answer = upload(enter("grid_head"), mine(town).pk, data)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not Evidence.objects.exists()


def test_ten_are_enough_and_a_wrong_one_goes(
    town: Town, drafts: Any, enter: Callable[[str], Client]
) -> None:
    begin(town)
    row, head = mine(town), enter("grid_head")
    assert row.status == Status.SELF_REVIEW
    for number in range(10):
        upload(head, row.pk, title=f"第{number}份")
    assert "最多 10 份" in upload(head, row.pk).content.decode()
    first = Evidence.objects.order_by("pk")[0]
    assert head.post(f"/assessments/{row.pk}/evidence/{first.pk}/drop/").status_code == 302
    assert Evidence.objects.count() == 9
    assert upload(head, row.pk).status_code == 302
