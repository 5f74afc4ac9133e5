"""五亮 of the demonstration: members of each grid with their words, most of them posted."""

from datetime import timedelta

from gridparty.demo.world import World
from partybuilding.catalog import DisplayPart
from partybuilding.models import MemberDisplay
from partybuilding.workflow import DisplayStatus

_WORDS = (
    ("邻里有事，我先到", "每周六巡查楼道消防通道", "帮助独居老人代买代办", "今年清走堆物二十余处"),
    ("有问题找我，事事有回音", "每月走访联系户", "教老人用手机挂号缴费", "调解邻里纠纷六起"),
    ("带头文明养犬、垃圾分类", "周末参加清洁家园", "组织孩子们读书", "本楼分类准确率明显提高"),
)
_STATES = (
    DisplayStatus.POSTED, DisplayStatus.POSTED, DisplayStatus.POSTED, DisplayStatus.REVIEW,
    DisplayStatus.APPROVED, DisplayStatus.DRAFT,
)  # fmt: skip
_AGREED = [part.value for part in DisplayPart if part != DisplayPart.PHOTO]


def build_displays(world: World) -> None:
    """Three members a grid."""
    today = world.setting.today
    rows: list[MemberDisplay] = []
    for tree in world.trees:
        for facts in tree.grids():
            for person in facts.members[:3]:
                pledge, action, service, result = _WORDS[len(rows) % len(_WORDS)]
                status = _STATES[len(rows) % len(_STATES)]
                agrees = status != DisplayStatus.DRAFT
                posted = status == DisplayStatus.POSTED
                rows.append(
                    MemberDisplay(
                        district_id=facts.grid.district_id, street_id=facts.grid.street_id,
                        community_id=facts.grid.community_id, grid=facts.grid, person=person,
                        identity=f"中共党员，{facts.grid.name}", pledge=pledge, action=action,
                        service=service, result=result, agreed=_AGREED if agrees else [],
                        agreed_on=today - timedelta(days=120) if agrees else None, status=status,
                        place="单元门口宣传栏" if posted else "",
                        posted_on=today - timedelta(days=100) if posted else None,
                    )
                )  # fmt: skip
    MemberDisplay.objects.bulk_create(rows)
