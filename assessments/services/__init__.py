from assessments.services.appeals import answer, appeal, revise
from assessments.services.compute import LATE_WINDOW, Computation, compute_quarter
from assessments.services.doubts import answer_doubt, search
from assessments.services.papers import add_evidence, drop_evidence
from assessments.services.publishing import advance_due, move_street
from assessments.services.reviews import adjust, end_adjustment, move_assessment, score_item

__all__ = [
    "LATE_WINDOW",
    "Computation",
    "add_evidence",
    "adjust",
    "advance_due",
    "answer",
    "answer_doubt",
    "appeal",
    "compute_quarter",
    "drop_evidence",
    "end_adjustment",
    "move_assessment",
    "move_street",
    "revise",
    "score_item",
    "search",
]  # fmt: skip
