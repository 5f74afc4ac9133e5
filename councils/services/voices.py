"""Opinions, objections, likes: given in person, on paper, through somebody, or on the public page."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.models import Case
from councils.catalog import Party, Way
from councils.models import Like, Meeting, Objection, Opinion, Topic, TopicEvent
from councils.quorum import round_of
from councils.services.texts import prose, public_prose
from councils.workflow import PUBLIC, TAKES_OPINIONS, Status
from gridparty.lib.china_time import local_date
from gridparty.lib.phones import parse_phones
from orgs.audit import describe_actions, record
from orgs.keys import fingerprint
from orgs.models import Person, User
from residents.models import Household, Residency

describe_actions(topic__opinion="登记议题意见", topic__objection="登记决议异议")
MAX_OPINION = 500


@transaction.atomic
def add_opinion(
    *, topic: Topic, text: str, way: str, by: User | None, party: str = "",
    meeting: Meeting | None = None,
) -> Opinion:  # fmt: skip
    """Keep a view on a topic that is still open to views; no name is kept with it."""
    if topic.status not in TAKES_OPINIONS:
        raise ValidationError(f"议题现在是“{topic.status_label}”，不再征集意见。")
    if way not in Way.values or (party and party not in Party.values):
        raise ValidationError({"way": "请选择提出的方式。"})
    opinion = Opinion.objects.create(
        topic=topic, meeting=meeting, party=party, way=way, by=by,
        text=public_prose(text, "text", "意见", MAX_OPINION, required=True),
    )  # fmt: skip
    if by is not None:
        record(
            by=by, action="topic.opinion", target=topic, street=topic.street_id,
            detail={"way": way, "party": party},
        )  # fmt: skip
    return opinion


@transaction.atomic
def object_to(
    *, topic: Topic, household: Household, text: str, way: str, by: User | None
) -> Objection:
    """Keep a household's objection while the resolution is announced; one a household."""
    now = timezone.now()
    Topic.objects.select_for_update().get(pk=topic.pk)
    if topic.status != Status.RESOLVED or not topic.announcement_runs(local_date(now)):
        raise ValidationError("决议不在公示期，不能登记异议。")
    if household.community_id != topic.community_id:
        raise ValidationError({"household": "这一户不在本社区。"})
    if way not in Way.values:
        raise ValidationError({"way": "请选择提出的方式。"})
    objection = Objection(
        topic=topic, household=household, way=way, by=by, round=round_of(topic), at=now,
        text=prose(text, "text", "理由", MAX_OPINION, required=True),
    )  # fmt: skip
    objection.validate_constraints()
    objection.save()
    TopicEvent.objects.create(
        topic=topic, move="objection", from_status=topic.status, to_status=topic.status, by=by,
        at=now,
    )  # fmt: skip
    record(by=by, action="topic.objection", target=topic, street=topic.street_id)
    return objection


def like(*, topic: Topic, proof: str) -> bool:
    """Count one like for a tracking code, or a phone registered in the topic's community.

    Returns whether it counted. The page says the same either way: what is registered stays secret.
    """
    if topic.status not in PUBLIC:
        return False
    voice = _voice_of(topic, proof)
    if voice is None:
        return False
    try:
        with transaction.atomic():
            Like.objects.create(topic=topic, voice=voice)
    except IntegrityError:
        return False
    return True


def _voice_of(topic: Topic, proof: str) -> str | None:
    """The keyed print of what proves one voice: a case reported here, or a resident's phone."""
    word = proof.strip().upper()
    case = Case.objects.filter(tracking_code=word, community=topic.community_id).first()
    if case is not None:
        return fingerprint(f"like:{case.tracking_code}")
    numbers = parse_phones(proof).numbers
    if len(numbers) != 1:
        return None
    people = Person.objects.filter(phone_fingerprint=fingerprint(numbers[0]))
    living = Residency.objects.filter(
        person__in=people.values("pk"), household__community=topic.community_id, end=None
    )
    return fingerprint(f"like:{numbers[0]}") if living.exists() else None
