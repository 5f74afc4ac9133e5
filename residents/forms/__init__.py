"""Forms of the residents app. What is typed stays typed, whatever is refused."""

from residents.forms.care import CareTagForm, EndCareForm
from residents.forms.events import (
    ApartForm,
    BirthForm,
    EndForm,
    HeadForm,
    MarriageForm,
    MergeForm,
    MoveInForm,
    RentalEndForm,
    RentalForm,
    SplitForm,
    TogetherForm,
)
from residents.forms.register import (
    CloseHouseholdForm,
    FindForm,
    HouseholdFilterForm,
    HouseholdForm,
    ResidentForm,
    RevealForm,
    SearchForm,
)

__all__ = [
    "ApartForm", "BirthForm", "CareTagForm", "CloseHouseholdForm", "EndCareForm", "EndForm",
    "FindForm", "HeadForm", "HouseholdFilterForm", "HouseholdForm", "MarriageForm", "MergeForm",
    "MoveInForm", "RentalEndForm", "RentalForm", "ResidentForm", "RevealForm", "SearchForm", "SplitForm",
    "TogetherForm",
]  # fmt: skip
