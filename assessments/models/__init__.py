from assessments.models.bulletins import Bulletin, BulletinItem, BulletinScheme
from assessments.models.doubts import Doubt, DoubtStep, PhotoPrint
from assessments.models.quarters import AssessmentItem, AssessmentStep, QuarterAssessment
from assessments.models.results import Adjustment, Appeal, AssessmentVersion, Evidence
from assessments.models.rollups import CaseFact, Grain, Measure, RollupCell, RollupState
from assessments.models.schemes import AssessmentScheme, SchemeItem
from assessments.models.templates import ReportTemplate
from assessments.models.views import SavedView

__all__ = [
    "Adjustment", "Appeal", "AssessmentItem", "AssessmentScheme", "AssessmentStep",
    "AssessmentVersion", "Bulletin", "BulletinItem", "BulletinScheme", "CaseFact", "Doubt",
    "DoubtStep", "Evidence", "Grain", "Measure", "PhotoPrint", "QuarterAssessment",
    "ReportTemplate", "RollupCell", "RollupState", "SavedView", "SchemeItem",
]  # fmt: skip
