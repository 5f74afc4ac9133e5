"""The columns a register can have, and the two schemes the product ships (domain brief §3A). Pure."""

from typing import Any

# code: (label, width in characters)
LABELS: dict[str, tuple[str, int]] = {
    "serial": ("序号", 11),
    "number": ("编号", 20),
    "source": ("来源", 12),
    "found_at": ("发现时间", 17),
    "finder": ("发现人", 12),
    "community": ("社区", 14),
    "grid": ("网格", 14),
    "place": ("地点", 22),
    "text": ("问题描述", 40),
    "category": ("类别", 12),
    "urgency": ("紧急程度", 9),
    "measure": ("办理措施", 34),
    "lead": ("责任单位", 18),
    "person": ("责任人", 10),
    "helpers": ("协办单位", 18),
    "due": ("完成时限", 17),
    "progress": ("进展", 10),
    "done_at": ("办结时间", 17),
    "closer": ("销号人", 10),
    "closed_at": ("销号时间", 17),
    "revisit": ("回访结果", 16),
    "reports": ("反映件数", 9),
    "legacy": ("历史遗留", 9),
    "task": ("任务（措施）", 34),
    "step_due": ("本步期限", 17),
    "evidence": ("证明材料", 12),
    "leader": ("包保领导", 10),
    "supervision": ("督办级别", 10),
    "result": ("考核结果", 10),
    "remark": ("备注", 16),
}
# Which cases a list takes, of the chosen place.
WHICH = {
    "reported": "当月上报",
    "open": "截至月末未销号",
    "assigned": "截至月末已落实单位、未销号",
}

SCHEMES: tuple[dict[str, Any], ...] = (
    {
        "code": "problem_task_duty", "name": "一台账三清单（问题、任务、责任）", "is_active": True,
        "lists": [
            {"code": "ledger", "title": "网格工作台账", "which": "reported", "columns": [
                "serial", "number", "source", "found_at", "finder", "grid", "place", "text",
                "category", "urgency", "measure", "lead", "person", "helpers", "due", "progress",
                "done_at", "closer", "closed_at", "revisit", "remark",
            ]},
            {"code": "problem", "title": "问题清单", "which": "open", "columns": [
                "serial", "number", "text", "grid", "place", "category", "found_at", "reports",
                "legacy", "progress", "remark",
            ]},
            {"code": "task", "title": "任务清单", "which": "assigned", "columns": [
                "serial", "number", "text", "task", "lead", "progress", "step_due", "due",
                "evidence", "remark",
            ]},
            {"code": "duty", "title": "责任清单", "which": "assigned", "columns": [
                "serial", "number", "text", "lead", "person", "helpers", "leader", "due",
                "supervision", "result", "remark",
            ]},
            {"code": "supervised", "title": "督办事项清单", "which": "supervisions", "columns": []},
            {"code": "topic", "title": "议题清单", "which": "topics", "columns": []},
        ],
    },
    # 海恒: its lists are of needs, resources and projects; `which` names lists the apps above register.
    {
        "code": "need_resource_project", "name": "三项清单（需求、资源、项目）", "is_active": False,
        "lists": [
            {"code": "need", "title": "需求清单", "which": "needs", "columns": []},
            {"code": "resource", "title": "资源清单", "which": "resources", "columns": []},
            {"code": "project", "title": "项目清单", "which": "projects", "columns": []},
        ],
    },
)  # fmt: skip
