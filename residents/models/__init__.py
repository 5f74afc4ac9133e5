from residents.models.campaigns import Campaign, CampaignDoor, CampaignQuestion, CampaignVisit
from residents.models.care import CareKind, CareTag
from residents.models.deployments import Deployment, TaskKind
from residents.models.events import LifeEvent, Rental, Separation
from residents.models.households import Household, LinkedHousehold, Residency, door_key
from residents.models.imports import RosterAbsence, RosterConflict, RosterMapping, RosterUndo

__all__ = [
    "Campaign", "CampaignDoor", "CampaignQuestion", "CampaignVisit", "CareKind", "CareTag",
    "Deployment", "Household", "LifeEvent", "LinkedHousehold", "Rental", "Residency",
    "RosterAbsence", "RosterConflict", "RosterMapping", "RosterUndo", "Separation", "TaskKind",
    "door_key",
]  # fmt: skip
