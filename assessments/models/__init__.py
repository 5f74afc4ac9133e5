from assessments.models.bulletins import Bulletin, BulletinItem, BulletinScheme
from assessments.models.quarters import AssessmentItem, AssessmentStep, QuarterAssessment
from assessments.models.results import Adjustment, Appeal, AssessmentVersion
from assessments.models.schemes import AssessmentScheme, SchemeItem

__all__ = [
    "Adjustment", "Appeal", "AssessmentItem", "AssessmentScheme", "AssessmentStep",
    "AssessmentVersion", "Bulletin", "BulletinItem", "BulletinScheme", "QuarterAssessment",
    "SchemeItem",
]  # fmt: skip
