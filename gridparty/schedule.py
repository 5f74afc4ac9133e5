"""What beat runs, and when (Asia/Shanghai). Every job is an idempotent sweep that catches up."""

from celery.schedules import crontab

BEAT_SCHEDULE = {
    "run-import-jobs": {"task": "orgs.tasks.run_import_jobs", "schedule": 20.0},
    "deliver-notices": {"task": "notices.tasks.deliver", "schedule": 30.0},
    "forget-old-notices": {
        "task": "notices.tasks.forget_old",
        "schedule": crontab(minute=50, hour=3),
    },
    "forget-old-imports": {
        "task": "residents.tasks.forget_imports",
        "schedule": crontab(minute=40, hour=3),
    },
    "forget-what-is-old": {"task": "orgs.tasks.tidy", "schedule": crontab(minute=20, hour=3)},
    "check-integrity": {
        "task": "orgs.tasks.check_integrity",
        "schedule": crontab(minute=0, hour=3),
    },
    "run-check-rounds": {"task": "orgs.tasks.run_check_rounds", "schedule": 60.0},
    # New households join an open campaign within minutes; answers are erased in the first run of a day.
    "sweep-campaigns": {"task": "residents.tasks.sweep_campaigns", "schedule": 600.0},
    "scan-case-clocks": {"task": "cases.tasks.scan_clocks", "schedule": 600.0},
    "release-what-leavers-held": {
        "task": "cases.tasks.release_what_is_left",
        "schedule": crontab(minute=25),
    },
    "write-trail-roots": {
        "task": "cases.tasks.write_trail_roots",
        "schedule": crontab(minute=15, hour="3-23"),
    },
    # The draw belongs to day 1, 06:00; the hourly sweep catches up after an outage.
    "draw-monthly-revisits": {
        "task": "cases.tasks.draw_due_revisits",
        "schedule": crontab(minute=0, hour="6-23"),
    },
    # Looks at closed cases belong to 08:00; the hourly sweep catches up after an outage.
    "remind-effects": {
        "task": "cases.tasks.remind_effects",
        "schedule": crontab(minute=35, hour="8-20"),
    },
    "erase-old-photos": {
        "task": "cases.tasks.erase_photos",
        "schedule": crontab(minute=55, hour=3),
    },
    "learn-categories": {
        "task": "cases.tasks.learn_categories",
        "schedule": crontab(minute=10, hour=2),
    },
    "number-ledgers": {
        "task": "cases.tasks.number_ledgers",
        "schedule": crontab(minute=5),
    },
    "open-quarterly-assessment": {
        "task": "assessments.tasks.open_due_quarter",
        "schedule": crontab(minute=0, hour="2-23"),
    },
    "advance-assessment-reviews": {
        "task": "assessments.tasks.advance_reviews",
        "schedule": crontab(minute=10, hour="3,7-18"),
    },
    "fold-rollups": {"task": "assessments.tasks.fold_rollups", "schedule": 60.0},
    # After the integrity checks of 03:00: what drifted is found before it is mended.
    "rebuild-rollups": {
        "task": "assessments.tasks.rebuild_rollups",
        "schedule": crontab(minute=30, hour=4),
    },
    # Meetings owed in a period are made on its first day; the daily run catches up.
    "open-council-slots": {
        "task": "councils.tasks.open_slots",
        "schedule": crontab(minute=20, hour="0,6,12"),
    },
    "watch-councils": {
        "task": "councils.tasks.watch_councils",
        "schedule": crontab(minute=50, hour="7,13"),
    },
    # 五个一 are opened on the 1st at 00:30; the later runs catch up, remind, and mark what is late.
    "keep-five-ones": {
        "task": "partybuilding.tasks.keep_five",
        "schedule": crontab(minute=30, hour="0,9,14"),
    },
    # Half-yearly confirmation from 25 June and 25 December, cards on a quarter's first day; daily.
    "keep-check-ins": {
        "task": "partybuilding.tasks.keep_check_ins",
        "schedule": crontab(minute=40, hour="1,8"),
    },
    "open-basics-checks": {
        "task": "partybuilding.tasks.open_basics",
        "schedule": crontab(minute=35, hour="0,8"),
    },
    "chase-readers": {
        "task": "partybuilding.tasks.chase_readers",
        "schedule": crontab(minute=45, hour="8,14"),
    },
    "watch-joint-work": {
        "task": "partybuilding.tasks.watch_joint",
        "schedule": crontab(minute=10, hour="3,9"),
    },
    "watch-committee-terms": {
        "task": "partybuilding.tasks.watch_terms",
        "schedule": crontab(minute=25, hour="3,9"),
    },
    # The bulletin belongs to the third working day; the hourly sweep catches up after an outage.
    "draft-bulletins": {
        "task": "assessments.tasks.draft_due_bulletins",
        "schedule": crontab(minute=20, hour="7-23"),
    },
    # Photos of the day and the months that have ended; a second run finds nothing new.
    "search-doubts": {
        "task": "assessments.tasks.search_doubts",
        "schedule": crontab(minute=30, hour=4),
    },
    # Due care visits belong to 07:30; the hourly sweeps catch up after an outage.
    "prepare-the-day": {
        "task": "residents.tasks.prepare_the_day",
        "schedule": crontab(minute=30, hour="7-22"),
    },
    "ask-volunteers": {"task": "volunteers.tasks.ask_next", "schedule": 900.0},
    "remind-volunteers": {
        "task": "volunteers.tasks.remind",
        "schedule": crontab(minute=10, hour="7-21"),
    },
    "expire-resources": {
        "task": "volunteers.tasks.expire_resources",
        "schedule": crontab(minute=25, hour="1-23"),
    },
    "suggest-care": {
        "task": "residents.tasks.suggest_care",
        "schedule": crontab(minute=40, hour=2),
    },
    "draw-visit-checks": {
        "task": "residents.tasks.draw_visit_checks",
        "schedule": crontab(minute=15, hour="6-23"),
    },
}
