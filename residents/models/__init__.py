from residents.models.care import CareKind, CareTag
from residents.models.households import Household, LinkedHousehold, Residency

__all__ = ["CareKind", "CareTag", "Household", "LinkedHousehold", "Residency"]
