from cases.models.accountability import Accountability, AccountPhoto
from cases.models.attachments import Attachment
from cases.models.case import Case
from cases.models.categories import Category, SlaClass
from cases.models.effects import EffectReview
from cases.models.exchange import (
    CategoryCode,
    ExchangeLog,
    ExternalOrder,
    ExternalSystem,
    SheetColumn,
)
from cases.models.ledger import LedgerEntry, LedgerFreeze, LedgerScheme
from cases.models.numbers import CaseNumberCounter
from cases.models.open311 import AppKey, AppReport, AppUpdate, CategoryQuestion
from cases.models.origins import CaseOrigin
from cases.models.ratings import Rating
from cases.models.requests import CaseRequest
from cases.models.revisits import Revisit, RevisitAttempt, RevisitDraw, RevisitSeed
from cases.models.routing import RoutingRule
from cases.models.suggestions import CategoryCounts, LearningMark
from cases.models.supervisions import Supervision
from cases.models.templates import AnswerTemplate
from cases.models.trail import CaseEvent, CaseTask, TrailRoot
from cases.models.whistles import WhistleScore
from cases.models.zones import ZoneLimit

__all__ = [
    "AccountPhoto",
    "Accountability",
    "AnswerTemplate",
    "AppKey",
    "AppReport",
    "AppUpdate",
    "Attachment",
    "Case",
    "CaseEvent",
    "CaseNumberCounter",
    "CaseOrigin",
    "CaseRequest",
    "CaseTask",
    "Category",
    "CategoryCode",
    "CategoryCounts",
    "CategoryQuestion",
    "EffectReview",
    "ExchangeLog",
    "ExternalOrder",
    "ExternalSystem",
    "LearningMark",
    "LedgerEntry",
    "LedgerFreeze",
    "LedgerScheme",
    "Rating",
    "Revisit",
    "RevisitAttempt",
    "RevisitDraw",
    "RevisitSeed",
    "RoutingRule",
    "SheetColumn",
    "SlaClass",
    "Supervision",
    "TrailRoot",
    "WhistleScore",
    "ZoneLimit",
]  # fmt: skip
