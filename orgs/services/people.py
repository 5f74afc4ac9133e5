"""People as the organisation registers them; residents' data is written by the floor above."""

from django.core.exceptions import ValidationError

from gridparty.lib.text import clean_text, has_nul, initials
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
