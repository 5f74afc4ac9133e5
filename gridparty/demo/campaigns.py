"""专项排查 and 下沉干部 of the demonstration: one round under way, one over, 海恒's 235 cadres."""

from datetime import date, datetime, time, timedelta
from itertools import cycle, islice
from random import Random

from django.db.models import Exists, OuterRef, Subquery

from gridparty.demo.people import FEMALE, MALE, People
from gridparty.demo.shapes import DEMO_COMMUNITY, HAIHENG
from gridparty.demo.world import CommunityFacts, TreeFacts, World
from gridparty.lib.china_time import SHANGHAI
from grids.catalog import GridStatus
from orgs.levels import UnitKind
from orgs.models import Person
from residents.campaigns.questions import NO, YES, QuestionKind, field_of, options_of
from residents.campaigns.states import DoorStatus
from residents.catalog import CITIZEN_ID
from residents.models import Campaign, CampaignQuestion, CampaignVisit, TaskKind
from residents.services.campaigns import (
    close_campaign,
    create_campaign,
    open_campaign,
    save_question,
)
from residents.services.deployments import deploy

Questions = tuple[tuple[str, str, str, str], ...]
# The report: 235名党员干部下沉.
CADRES = 235
_GAS = (
    ("yes_no", "燃气软管是否超过使用年限", "", "看软管上印的日期"),
    ("one", "使用的气源", "管道天然气\n瓶装液化气\n不用气", ""),
    (
        "several",
        "发现的隐患",
        "软管老化\n接头松动\n私自改动\n灶具无熄火保护\n没有隐患",
        "现场能看到的都勾上",
    ),
)
_POWER = (
    ("yes_no", "有没有飞线充电", "", ""),
    ("yes_no", "电动车电池是否带回家充电", "", ""),
)
_OUTCOMES = [DoorStatus.VISITED] * 16 + [DoorStatus.ABSENT] * 3 + [DoorStatus.REFUSED]


def build_campaigns(world: World, people: People) -> None:
    """Walk one round to its end and one half-way; send the cadres into the grids of 海恒."""
    rng, today = world.setting.rng("campaigns"), world.setting.today
    tree = world.tree(HAIHENG.key)
    community = next(one for one in tree.communities if one.plan.code == DEMO_COMMUNITY)
    over = _round(
        community, "夏季用电安全排查", "消防安全集中整治，重点看飞线充电和电池入户。",
        _POWER, today - timedelta(days=60), today - timedelta(days=31),
    )  # fmt: skip
    _walk(over, community, rng, share=1.0, last=over.ends_on)
    close_campaign(campaign=over, by=community.staff, today=over.ends_on)
    running = _round(
        community, "冬季燃气安全入户排查", "按安委会部署，入冬前逐户检查燃气软管和灶具，请居民当场整改。",
        _GAS, today - timedelta(days=9), today + timedelta(days=21),
    )  # fmt: skip
    _walk(running, community, rng, share=0.55, last=today - timedelta(days=1))
    _deploy(world, tree, running, people)


def _round(
    community: CommunityFacts, name: str, purpose: str, questions: Questions, start: date, end: date
) -> Campaign:  # fmt: skip
    """Open a round over the first three grids of the community, on its first morning."""
    campaign = create_campaign(
        under=community.org, by=None, name=name, purpose=purpose, starts_on=start, ends_on=end,
        grids=[facts.grid for facts in community.grids[:3]],
    )  # fmt: skip
    for kind, text, options, help_text in questions:
        save_question(
            campaign=campaign, kind=kind, text=text, options=options, help=help_text, by=None
        )
    open_campaign(campaign=campaign, by=None, now=_at(start, 8))
    campaign.created_by = community.staff
    campaign.save(update_fields=["created_by"])
    campaign.refresh_from_db()
    return campaign


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=SHANGHAI)


def _walk(
    campaign: Campaign, community: CommunityFacts, rng: Random, *, share: float, last: date
) -> None:
    """Knock at the first `share` of every grid's doors, evening by evening; written in bulk."""
    questions = list(campaign.questions.all())
    days = (last - campaign.starts_on).days + 1
    walkers = {
        facts.grid.pk: [one for one in (facts.worker, facts.head) if one]
        for facts in community.grids
    }
    visits: list[CampaignVisit] = []
    tries: dict[int, list[int]] = {1: [], 2: [], 3: []}
    for grid in walkers:
        doors = list(campaign.doors.filter(grid=grid).by_door().values_list("pk", flat=True))
        for place, door in enumerate(doors[: int(len(doors) * share)]):
            status = rng.choice(_OUTCOMES)
            if status == DoorStatus.ABSENT:
                tries[rng.choice((1, 1, 2, 3))].append(door)
            day = campaign.starts_on + timedelta(days=place * days // len(doors))
            answers = {field_of(one): _answer(one, rng) for one in questions}
            visits.append(
                CampaignVisit(
                    door_id=door,
                    outcome=status,
                    by=rng.choice(walkers[grid]),
                    client_key="demo",
                    at=_at(min(day, last), rng.randint(17, 20), rng.randint(0, 59)),
                    answers=answers if status == DoorStatus.VISITED else {},
                )
            )
    CampaignVisit.objects.bulk_create(visits, batch_size=1000)
    known = CampaignVisit.objects.filter(door=OuterRef("pk"))
    met = known.filter(outcome=DoorStatus.VISITED)
    campaign.doors.filter(Exists(known)).update(
        status=Subquery(known.values("outcome")), last_at=Subquery(known.values("at")),
        last_by=Subquery(known.values("by")), filled=Subquery(met.values("pk")),
    )  # fmt: skip
    for count, absent in tries.items():
        campaign.doors.filter(pk__in=absent).update(tries=count)


def _answer(question: CampaignQuestion, rng: Random) -> str | list[str]:
    """Most homes are in order: the last word of a list says so."""
    words = options_of(question)
    if question.kind == QuestionKind.SEVERAL:
        return [words[-1]] if rng.random() < 0.7 else [rng.choice(words[:-1])]
    if question.kind == QuestionKind.YES_NO:
        return NO if rng.random() < 0.85 else YES
    return rng.choice(words)


def _deploy(world: World, tree: TreeFacts, running: Campaign, people: People) -> None:
    """Send cadres of the units and departments into the active grids, in turn."""
    today, rng = world.setting.today, people.rng
    grids = [facts.grid for facts in tree.grids() if facts.grid.status == GridStatus.ACTIVE]
    senders = [unit for unit in tree.units.values() if unit.kind != UnitKind.PROPERTY_COMPANY]
    count = CADRES if world.setting.scale.homes is None else 24
    partner = world.users["partner_unit"].person
    for number, (grid, unit) in enumerate(
        islice(zip(cycle(grids), cycle(senders), strict=False), count)
    ):
        person = partner if number == 0 and partner else _cadre(people, unit.name)
        in_round = number < len(grids) and grid.community_id == running.under_id
        deploy(
            person=person, grid=grid, from_unit=unit, by=None,
            tasks=rng.sample(TaskKind.values, rng.choice((1, 2, 2))),
            start=today - timedelta(days=rng.randint(5, 25)),
            end=today + timedelta(days=60) if number % 5 else None,
            campaign=running if in_round and running.grids.filter(pk=grid.pk).exists() else None,
        )  # fmt: skip


def _cadre(people: People, workplace: str) -> Person:
    human = people.make(people.rng.choice((MALE, FEMALE)), people.rng.randint(25, 55))
    person = Person(
        name=human.name, gender=human.gender, id_kind=CITIZEN_ID, workplace=workplace,
        political_status="中共党员", education="本科", ethnicity="汉族",
    )  # fmt: skip
    person.seal_identity(id_number=human.id_number, phone=human.phone, birth_date=human.born)
    person.save()
    return person
