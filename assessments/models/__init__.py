from assessments.models.quarters import AssessmentItem, QuarterAssessment
from assessments.models.schemes import AssessmentScheme, SchemeItem

__all__ = ["AssessmentItem", "AssessmentScheme", "QuarterAssessment", "SchemeItem"]
