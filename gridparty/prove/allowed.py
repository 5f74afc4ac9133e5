"""What a page may show although `visible_to` of its model does not give it, and why."""

from gridparty.prove.walk import Leak

# (start of the address, model): why this is no leak. Only of one's own street: the rows of
# another street are never allowed.
ALLOWED = {
    ("volunteers:", "residents.Need"): "已发布的需求只写公开内容，本街道的志愿者和单位都能看",
    ("residents:absences", "orgs.ImportJob"): "待核对的行写明来自哪个文件",
    ("residents:conflict", "orgs.ImportJob"): "待核对的行写明来自哪个文件",
    ("residents:campaign_", "residents.Household"): "参加专项排查的人看得到要上门的门牌",
    ("residents:door_secrets", "residents.Household"): "参加专项排查的人看得到要上门的门牌",
    ("cases:detail", "cases.RoutingRule"): "事项页说明按哪条规则派单",
    ("cases:", "cases.CaseTask"): "一件事几个单位办：各单位互相看得到谁到场、谁在办",
    ("case-detail", "cases.CaseTask"): "一件事几个单位办：各单位互相看得到谁到场、谁在办",
    ("cases:contact", "cases.RoutingRule"): "填错时回到事项页，那里说明按哪条规则派单",
}


def is_allowed(leak: Leak) -> bool:
    return not leak.is_away and any(
        leak.address.startswith(start) and leak.model == model for start, model in ALLOWED
    )
