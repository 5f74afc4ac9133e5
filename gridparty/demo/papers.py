"""政策文件 and 荣誉 of the demonstration."""

from datetime import datetime, timedelta

from gridparty.demo.shapes import HAIHENG, HUANGSHAN, XUANCHENG
from gridparty.demo.world import World
from gridparty.lib.china_time import local_date
from partybuilding import services
from partybuilding.models import PaperReceipt

_PAPERS = (  # (title, issuer, 文号, days ago, days to read)
    ("关于深化“五个一”工作的通知", "街道党工委", "海党〔2026〕12 号", 40, 20),
    ("关于做好在职党员“两地报到”工作的通知", "区委组织部", "组通〔2026〕31 号", 12, 10),
    ("关于开展冬季消防安全排查的通知", "街道党工委", "海党〔2026〕18 号", 3, 10),
)
_HONOURS = (
    ("城市基层党建工作示范社区", "city", "市委组织部"), ("先进基层党组织", "district", "区委"),
    ("最美志愿服务社区", "province", "省文明办"),
)  # fmt: skip


def build_papers(world: World, now: datetime) -> None:
    """Three documents of the street, read by most; honours of communities."""
    street = world.tree(HAIHENG.key).root
    rng = world.setting.rng("papers")
    for title, issuer, number, ago, within in _PAPERS:
        sent = now - timedelta(days=ago)
        services.send_paper(
            org=street, title=title, issuer=issuer, doc_no=number, now=sent, by=None,
            issued_on=local_date(sent), read_by=local_date(sent) + timedelta(days=within),
            roles=["community_secretary", "community_staff", "branch_secretary", "grid_head"],
            text="请认真组织学习，结合实际抓好落实，落实情况按月在平台填报。",
        )  # fmt: skip
    unread = PaperReceipt.objects.order_by("pk").values_list("pk", "paper__sent_at")
    for pk, sent in list(unread):
        if rng.random() < 0.85:
            PaperReceipt.objects.filter(pk=pk).update(read_at=sent + timedelta(hours=5))
    for place, key in enumerate((HAIHENG.key, XUANCHENG.key, HUANGSHAN.key)):
        for community in world.tree(key).communities[:3]:
            title, level, giver = _HONOURS[place]
            services.record_honour(
                org=community.org, title=title, level=level, granted_by=giver, by=None,
                granted_on=local_date(now) - timedelta(days=60 + place),
            )  # fmt: skip
    services.chase_readers(today=local_date(now))
