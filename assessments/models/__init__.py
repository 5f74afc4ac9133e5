from assessments.models.bulletins import Bulletin, BulletinItem, BulletinScheme
from assessments.models.quarters import AssessmentItem, QuarterAssessment
from assessments.models.schemes import AssessmentScheme, SchemeItem

__all__ = [
    "AssessmentItem", "AssessmentScheme", "Bulletin", "BulletinItem", "BulletinScheme",
    "QuarterAssessment", "SchemeItem",
]  # fmt: skip
