"""Progress, interruption and resuming of an import; and cells that say 【清空】."""

from orgs.models import ImportJob
from tests.residents.rosters import person
from tests.residents.test_import_roster import fates, load, the, wife

NEXT_DOOR = {"房号": "102", "户编号": "2", "与户主关系": "户主"}


def test_it_reports_progress_after_every_batch_and_asks_whether_to_go_on(town, settings):
    settings.ROSTER_BATCH_ROWS = 1
    done: list[int] = []

    def note(count: int) -> bool:
        done.append(count)
        return True

    load(town, person(), wife(**NEXT_DOOR), on_batch=note)
    assert done == [1, 2]


def test_an_interrupted_job_goes_on_where_it_stopped_and_counts_everything(town, settings):
    settings.ROSTER_BATCH_ROWS = 1
    load(town, wife(**NEXT_DOOR))
    job = ImportJob.objects.create(
        kind="roster", under=town.community, street=town.street, file_name="a.xlsx", file_hash="1"
    )
    people = (wife(民族="回族", **NEXT_DOOR), person(重点人群="困难"))
    stopped = load(town, *people, job_id=job.pk, on_batch=lambda done: False)
    assert fates(stopped) == ["update", "not_reached"]
    assert (stopped.counts.rows, stopped.not_reached) == (1, 1)
    again = load(town, *people, job_id=job.pk)
    assert fates(again) == ["update", "create"]
    assert (again.counts.rows, again.counts.households) == (2, 2)
    assert fates(load(town, *people)) == ["unchanged", "unchanged"]


def test_a_cell_that_says_clear_clears_and_a_blank_one_does_not(town):
    load(town, person(联系电话="16900000001", 文化程度="本科", 备注="旧", 居住状态="常住"))
    before = load(town, person(联系电话="", 文化程度="", 备注=""))
    assert fates(before) == ["unchanged"]
    result = load(town, person(联系电话="【清空】", 文化程度="【清空】", 居住状态="【清空】"))
    assert fates(result) == ["update"]
    zhang = the("张小三")
    assert (zhang.phone.reveal(), zhang.phone_fingerprint) == ("", "")
    assert (zhang.education, zhang.remark) == ("", "旧")
    assert zhang.residencies.get().status == ""
    assert fates(load(town, person(联系电话="【清空】"))) == ["unchanged"]
