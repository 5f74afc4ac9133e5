"""Units outside the party tree: departments, partners, property companies, social organisations."""

from django.db import models

from orgs.levels import UnitKind
from orgs.models.regions import Region
from orgs.models.tree import OrgUnit
from orgs.querysets import UnitQuerySet


class Unit(models.Model):
    """A department or partner. It serves a district, or one street if `street` is set."""

    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类型", max_length=30, choices=UnitKind.choices)
    district = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所属区县"
    )
    street = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="units",
        verbose_name="服务街道（社区）", help_text="只服务一个街道时填写；服务全区县时留空",
    )  # fmt: skip
    duties = models.CharField("职责", max_length=200, blank=True)
    contact_name = models.CharField("联系人", max_length=40, blank=True)
    office_phone = models.CharField("办公电话", max_length=30, blank=True)
    is_active = models.BooleanField("在用", default=True)
    # Set when the unit ends: by the services, with the lines of the audit trail beside them.
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name="承接单位",
    )  # fmt: skip
    closed_on = models.DateField("撤销日期", null=True, blank=True, editable=False)
    closed_reason = models.CharField("撤并依据", max_length=200, blank=True, editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "district", "street"],
                name="unit_name_in_street",
                violation_error_message="该街道已有同名单位。",
            ),
            models.UniqueConstraint(
                fields=["name", "district"],
                condition=models.Q(street=None),
                name="unit_name_in_district",
                violation_error_message="该区县已有同名单位。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def serves(self, street: OrgUnit) -> bool:
        """Whether the street may assign to it: `UnitQuerySet.serving` for a row already read."""
        if self.street_id is not None:
            return self.is_active and self.street_id == street.pk
        return self.is_active and self.district_id == (street.division_code or "")[:6]
