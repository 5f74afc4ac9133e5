from residents.models.campaigns import Campaign, CampaignDoor, CampaignQuestion, CampaignVisit
from residents.models.care import CareKind, CareSuggestion, CareTag
from residents.models.changes import ChangeRequest
from residents.models.deployments import Deployment, TaskKind
from residents.models.events import LifeEvent, Rental, Separation
from residents.models.heads import CorridorHead, GoodDeed, HeadContact, HeadEvent, LinkedHousehold
from residents.models.households import Household, Residency, door_key
from residents.models.imports import RosterAbsence, RosterConflict, RosterMapping, RosterUndo
from residents.models.needs import Need
from residents.models.visits import VacancyDecision, Visit, VisitCheck, VisitPhoto, VisitQuota

__all__ = [
    "Campaign", "CampaignDoor", "CampaignQuestion", "CampaignVisit", "CareKind", "CareSuggestion",
    "CareTag", "ChangeRequest", "CorridorHead", "Deployment", "GoodDeed", "HeadContact",
    "HeadEvent", "Household", "LifeEvent", "LinkedHousehold", "Need", "Rental", "Residency",
    "RosterAbsence", "RosterConflict", "RosterMapping", "RosterUndo", "Separation", "TaskKind",
    "VacancyDecision", "Visit", "VisitCheck", "VisitPhoto", "VisitQuota", "door_key",
]  # fmt: skip
