from residents.models.care import CareKind, CareTag
from residents.models.households import Household, LinkedHousehold, Residency, door_key

__all__ = ["CareKind", "CareTag", "Household", "LinkedHousehold", "Residency", "door_key"]
