"""Replaying a draw: does the stored sample follow from the list and the seed?

Reads stored rows only, so anybody who is handed them can do the same sums elsewhere.
"""

from collections.abc import Iterable

from cases.commitment import commitment_of, grid_seed, hash_of_list
from cases.models import RevisitDraw, RevisitSeed
from cases.revisits import Closed, quota_of, sample
from gridparty.lib.periods import Month


def replay_month(month: Month, draws: Iterable[RevisitDraw] | None = None) -> list[str]:
    """Return one sentence per fault of the month's draws, [] when every sample follows."""
    rows = list(
        RevisitDraw.objects.filter(month=str(month)).select_related("grid")
        if draws is None
        else draws
    )
    if not rows:
        return [f"{month.label}还没有抽取。"]
    seed = RevisitSeed.objects.filter(month=str(month)).first()
    if seed is None or not seed.seed:
        return [f"{month.label}没有公布种子，不能复算。"]
    faults = []
    if commitment_of(seed.seed) != seed.commitment:
        faults.append(f"{month.label}公布的种子与事先的承诺不符。")
    for draw in rows:
        fault = _fault_of(draw, seed.seed)
        if fault:
            faults.append(f"{month.label}{draw.grid.name}（{draw.grid.code}）：{fault}")
    return faults


def _fault_of(draw: RevisitDraw, seed: str) -> str:
    if not draw.list_hash:
        return "这次抽样没有存名单，不能复算。"
    if draw.seed != grid_seed(seed, draw.grid.code):
        return "种子不是由当月种子和网格编码得出的。"
    if hash_of_list(draw.listed, draw.mandatory) != draw.list_hash:
        return "名单与名单指纹不符，名单被改动过。"
    if (draw.population, draw.quota) != (len(draw.listed), quota_of(len(draw.listed))):
        return "应抽数与名单件数不符。"
    must = set(draw.mandatory)
    cases = [
        Closed(index, number, draw.grid_id, 0, number in must)
        for index, number in enumerate(draw.listed)
    ]
    drawn = [one.case_no for one in sample(cases, draw.seed)]
    if drawn != draw.case_nos:
        return f"抽中的事项与按名单和种子复算的结果不同{_differences(drawn, draw.case_nos)}。"
    asked = set(draw.revisits.values_list("case__case_no", flat=True))
    gone = [number for number in drawn if number not in asked]
    if gone:
        return f"抽中的事项没有回访任务：{'、'.join(gone)}。"
    joined = [number for numbers in draw.joined.values() for number in numbers]
    if joined:
        reports = draw.revisits.exclude(merged=None).values_list("merged__case_no", flat=True)
        gone = sorted(set(joined) - set(reports))
    return f"并入的反映没有回访任务：{'、'.join(gone)}。" if gone else ""


def _differences(drawn: list[str], stored: list[str]) -> str:
    """Name what was left out of the stored sample and what was put in."""
    missing = [number for number in drawn if number not in stored]
    added = [number for number in stored if number not in drawn]
    said = f"，缺少 {'、'.join(missing)}" if missing else ""
    return said + (f"，多出 {'、'.join(added)}" if added else "")
