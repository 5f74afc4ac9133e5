"""People as the organisation registers them; those of households are written by the floor above."""

from datetime import date

from django.core.exceptions import ValidationError

from gridparty.lib.text import clean_text, has_nul, initials
from orgs.fields import Sealed
from orgs.keys import fingerprint
from orgs.models import Person


def new_person(name: str) -> Person:
    """Register a person by name alone (a leader, a user); call inside the act that needs them."""
    if has_nul(name):
        raise ValidationError({"name": "姓名里有不可见的空字符，请删除后重填。"})
    name = clean_text(name)
    longest = Person._meta.get_field("name").max_length or 60
    if not 0 < len(name) <= longest:
        raise ValidationError({"name": f"请填写姓名，最多 {longest} 个字。"})
    person = Person(name=name)
    person.seal_identity()
    person.save()
    return person


def identify_person(
    *, person: Person, id_number: str = "", phone: str = "", birth: date | None = None
) -> bool:
    """Add what is known of a person: an identity number where there was none, phone and birth date.

    Values are normalised; blanks change nothing. Return whether anything changed; the caller saves.
    ValidationError when the number is another one than the registered, or belongs to somebody else.
    """
    changed = False
    if id_number and fingerprint(id_number) != person.id_fingerprint:
        if person.id_fingerprint:
            raise ValidationError({"id_number": "与已登记的证件号码不同，请核对。"})
        taken = Person.objects.filter(id_fingerprint=fingerprint(id_number)).exclude(pk=person.pk)
        if taken.exists():
            raise ValidationError({"id_number": "这个证件号码已登记在另一个人名下，请核对。"})
        person.id_number, person.id_fingerprint = Sealed.of(id_number), fingerprint(id_number)
        changed = True
    if phone and phone != person.phone.reveal():
        person.set_phone(phone)
        changed = True
    if birth is not None and birth != person.birth_date:
        person.set_birth_date(birth)
        changed = True
    return changed


def revise_person(*, person: Person) -> Person:
    """Save changed open fields (name, gender, workplace…); sealed ones keep their values."""
    person.name = clean_text(person.name)
    person.name_initials = initials(person.name)
    person.save(
        update_fields=[
            "name", "name_initials", "gender", "ethnicity", "political_status", "education",
            "workplace", "remark", "updated_at",
        ]
    )  # fmt: skip
    return person
