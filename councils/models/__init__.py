"""The tables of the councils."""

from councils.models.bodies import Council, CouncilSeat
from councils.models.meetings import AgendaItem, Attendance, Meeting
from councils.models.topics import Topic, TopicEvent, TopicPhoto
from councils.models.voices import Like, Objection, Opinion
from councils.models.work import TopicProject, TopicTask

__all__ = [
    "AgendaItem", "Attendance", "Council", "CouncilSeat", "Like", "Meeting", "Objection", "Opinion",
    "Topic", "TopicEvent", "TopicPhoto", "TopicProject", "TopicTask",
]  # fmt: skip
