"""Short ways to report and move cases in tests; the actors are the town's."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from PIL import Image

from cases.models import Case
from cases.services import move, report_case
from gridparty.lib.china_time import SHANGHAI
from tests.town import Town

# A Wednesday without holidays around it.
NOON = datetime(2026, 6, 3, 12, 0, tzinfo=SHANGHAI)


def photo(
    size: tuple[int, int] = (40, 30), kind: str = "JPEG", exif: bytes | None = None
) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", size, "green").save(out, kind, **({"exif": exif} if exif else {}))
    out.seek(0)
    return out


def reported(town: Town, *, category: str = "suggestion", **more: Any) -> Case:
    """A public report in the town's first grid, unless `by`, `building` or others say so."""
    more = {"by": None, "building": town.building, "text": "楼道灯不亮，晚上看不见路。", **more}
    return report_case(category=category, **more)


class Story:
    """A case on its way: `step("accept", "grid_head")` moves it, by the town's user of that key."""

    def __init__(self, town: Town, case: Case | None = None, **more: Any) -> None:
        self.town = town
        self.now: datetime | None = more.pop("now", None)
        self.case = case or reported(town, now=self.now, **more)

    def step(self, name: str, who: str | None, **inputs: Any) -> Story:
        user = self.town.users[who] if who else None
        inputs.setdefault("now", self.now)
        self.case = move(case=self.case, name=name, by=user, **inputs)
        return self

    def accepted(self) -> Story:
        return self.step("accept", "grid_head")

    def called(self) -> Story:
        return self.accepted().step("call_up", "grid_head", note="需要城管支持")

    def whistled(self, **more: Any) -> Story:
        return self.called().step(
            "whistle", "dispatcher", unit=self.town.department, note="请到场", **more
        )

    def checked_in(self) -> Story:
        return self.whistled().step("check_in", "dept_handler", place="阳光花园1栋")

    def assigned(self, **more: Any) -> Story:
        return self.called().step("assign", "community_staff", unit=self.town.department, **more)

    def handling(self) -> Story:
        return self.assigned().step("take", "dept_handler")

    def hang_asked(self) -> Story:
        return self.handling().step(
            "ask_hang", "dept_handler", reason="funds", measure="设警示牌", note="经费未到位",
            until=(self.now or timezone.now()) + timedelta(days=60),
        )  # fmt: skip

    def hung(self) -> Story:
        return self.hang_asked().step("grant_hang", "street_admin")

    def fed_back(self) -> Story:
        return self.handling().step("feedback", "dept_handler", outcome="solved", note="已更换灯管")

    def verified(self) -> Story:
        return self.fed_back().step("verify_pass", "grid_head", method="on_site")

    def closed(self) -> Story:
        return self.verified().step("close", "community_staff")

    def self_handled(self) -> Story:
        return self.accepted().step("self_handle", "grid_head")
