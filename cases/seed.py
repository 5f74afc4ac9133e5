"""Seeding SLA classes and categories from the catalogue: by the migration, and in tests."""

from typing import Any

from cases.catalog import CATEGORIES, SLA_CLASSES


def seed_catalog(category_model: Any, sla_model: Any) -> None:
    """Add the rows that are missing (by code and slug); existing rows are left as they are."""
    for order, row in enumerate(SLA_CLASSES):
        contact = row.contact or (None, "workdays")
        sla_model.objects.get_or_create(
            code=row.code,
            defaults={
                "name": row.name, "order": order,
                "check_amount": row.check[0], "check_unit": row.check[1],
                "sign_amount": row.sign[0], "sign_unit": row.sign[1],
                "contact_amount": contact[0], "contact_unit": contact[1],
                "handle_amount": row.handle[0], "handle_unit": row.handle[1],
            },
        )  # fmt: skip
    classes = {row.code: row for row in sla_model.objects.all()}
    known = {row.slug: row for row in category_model.objects.all()}
    for order, entry in enumerate(CATEGORIES):
        if entry.slug in known:
            continue
        known[entry.slug] = category_model.objects.create(
            slug=entry.slug, name=entry.name, order=order, parent=known.get(entry.parent),
            sla_class=classes[entry.sla], level=entry.level, confidential=entry.confidential,
            needs_photo=entry.needs_photo,
        )  # fmt: skip
