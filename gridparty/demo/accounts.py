"""The log-ins of the demonstration, as data: who they are and what to try with them."""

from typing import NamedTuple

from orgs.roles import Role

PASSWORD = "gridparty-demo"  # noqa: S105  (printed at every start; refused in production)


class Account(NamedTuple):
    """One log-in: its role and one line on what to try."""

    username: str
    role: Role
    tip: str
    elsewhere: bool = False  # in the 宣州区 street instead of 海恒

    @property
    def who(self) -> str:
        where = "（济川街道）" if self.elsewhere else ""
        return f"{self.role.label}{where}：{self.tip}"


CAST = (
    Account("sysadmin", Role.SYSADMIN, "管理用户、角色和组织，看不到居民信息"),
    Account("auditor", Role.AUDITOR, "查看审计记录，只读"),
    Account("district_official", Role.DISTRICT_OFFICIAL, "全区看板，数字都能点开"),
    Account("street_admin", Role.STREET_ADMIN, "吹哨、督办、看全部网格"),
    Account("dispatcher", Role.DISPATCHER, "指挥中心派单：交办、吹哨、催办"),
    Account("community_staff", Role.COMMUNITY_STAFF, "立案、交办、销号，导入花名册"),
    Account("community_secretary", Role.COMMUNITY_SECRETARY, "本社区的事项、网格和考核"),
    Account("branch_secretary", Role.BRANCH_SECRETARY, "填五个一，看本支部的网格和党员"),
    Account("grid_head", Role.GRID_HEAD, "手机上报、核实立案、核查结果"),
    Account("grid_worker", Role.GRID_WORKER_FT, "上报、自办、入户登记"),
    Account("corridor_head", Role.CORRIDOR_HEAD, "自己联系的十来户，随手上报"),
    Account("dept_handler", Role.DEPT_HANDLER, "部门报到、签收、反馈、退回"),
    Account("partner_unit", Role.PARTNER_UNIT, "报送在职党员名单，看结对的网格和反馈卡"),
    Account("volunteer", Role.VOLUNTEER, "随手上报并跟踪进展"),
    Account("revisitor", Role.REVISITOR, "上月抽中的回访，登记满意度"),
    Account("other_grid_head", Role.GRID_HEAD, "看不到海恒的任何数据", elsewhere=True),
    Account("other_street_admin", Role.STREET_ADMIN, "看不到海恒的任何数据", elsewhere=True),
)
# What `manage.py quickstart` prints: (log-in, one line).
ACCOUNTS = [(account.username, account.who) for account in CAST]
