from residents.models.care import CareKind, CareTag
from residents.models.households import Household, LinkedHousehold, Residency, door_key
from residents.models.imports import RosterAbsence, RosterConflict, RosterMapping, RosterUndo

__all__ = [
    "CareKind", "CareTag", "Household", "LinkedHousehold", "Residency", "RosterAbsence",
    "RosterConflict", "RosterMapping", "RosterUndo", "door_key",
]  # fmt: skip
