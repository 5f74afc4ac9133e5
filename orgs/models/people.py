"""Person: one human being with many hats (resident, member, head, volunteer, user)."""

from datetime import date

from django.db import models

from gridparty.lib.masking import mask_id, mask_name, mask_phone
from gridparty.lib.text import initials
from orgs.fields import Sealed, SealedField
from orgs.keys import fingerprint
from orgs.levels import PostKind, SourceIdentity
from orgs.models.tree import OrgUnit
from orgs.querysets import PersonQuerySet


class Gender(models.TextChoices):
    """GB/T 2261.1: 0 unknown, 1 male, 2 female, 9 not stated."""

    UNKNOWN = "0", "未知"
    MALE = "1", "男"
    FEMALE = "2", "女"
    UNSTATED = "9", "未说明"


class Person(models.Model):
    """Id number, phone and birth date are sealed; look-up goes by keyed fingerprints.

    Not everybody has an id number (infants, foreigners, refusals): then name, birth date and
    household tell people apart, and `id_fingerprint` is null so that uniqueness does not bite.
    """

    name = models.CharField("姓名", max_length=60)
    name_initials = models.CharField("拼音首字母", max_length=60, blank=True, editable=False)
    gender = models.CharField("性别", max_length=1, choices=Gender.choices, default=Gender.UNKNOWN)
    id_kind = models.CharField("证件类型", max_length=20, blank=True)
    id_number = SealedField("证件号码")
    id_fingerprint = models.CharField(
        max_length=64, null=True, blank=True, unique=True, editable=False
    )
    phone = SealedField("联系电话")
    phone_fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    birth = SealedField("出生日期")
    birth_year = models.PositiveSmallIntegerField("出生年", null=True, blank=True)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    political_status = models.CharField("政治面貌", max_length=20, blank=True)
    education = models.CharField("文化程度", max_length=20, blank=True)
    marriage = models.CharField("婚姻状况", max_length=20, blank=True)
    workplace = models.CharField("工作单位", max_length=120, blank=True)
    registered_address = models.CharField("户籍地址", max_length=200, blank=True)
    is_volunteer = models.BooleanField("志愿者", default=False)
    remark = models.CharField("备注", max_length=500, blank=True)
    died_on = models.DateField("死亡日期", null=True, blank=True)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        indexes = [
            models.Index(fields=["name"], name="person_name"),
            models.Index(fields=["name_initials"], name="person_initials"),
            models.Index(fields=["phone_fingerprint"], name="person_phone"),
        ]

    def __str__(self) -> str:
        return self.name

    def seal_identity(
        self, *, id_number: str = "", phone: str = "", birth_date: date | None = None
    ) -> None:
        """Set the sealed columns with their look-up companions (normalised values; no save)."""
        self.id_number = Sealed.of(id_number)
        self.id_fingerprint = fingerprint(id_number) or None
        self.set_phone(phone)
        self.set_birth_date(birth_date)
        self.name_initials = initials(self.name)

    def set_phone(self, phone: str) -> None:
        """Seal the phone; several numbers are joined by ";" and found by the first."""
        self.phone = Sealed.of(phone)
        self.phone_fingerprint = fingerprint(phone.split(";")[0])

    def set_birth_date(self, birth_date: date | None) -> None:
        self.birth = Sealed.of(birth_date.isoformat() if birth_date else "")
        self.birth_year = birth_date.year if birth_date else None

    @property
    def birth_date(self) -> date | None:
        text = self.birth.reveal()
        return date.fromisoformat(text) if text else None

    @property
    def masked_name(self) -> str:
        return mask_name(self.name)

    @property
    def masked_id_number(self) -> str:
        number: Sealed = self.id_number
        return number.masked(mask_id)

    @property
    def masked_phone(self) -> str:
        phone: Sealed = self.phone
        return phone.masked(lambda text: "、".join(mask_phone(one) for one in text.split(";")))


class PartyMember(models.Model):
    """A person's membership: where it is registered, and the three presences of 海恒.

    在地 residing, 在册 registered, 在岗 working: one member may have any mix of them.
    """

    class Kind(models.TextChoices):
        FULL = "full", "正式党员"
        PROBATIONARY = "probationary", "预备党员"

    person = models.OneToOneField(
        Person, models.PROTECT, related_name="membership", verbose_name="人员"
    )
    org_unit = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="members",
        verbose_name="所在党组织",
    )  # fmt: skip
    kind = models.CharField("类别", max_length=12, choices=Kind.choices, default=Kind.FULL)
    joined_on = models.DateField("入党日期", null=True, blank=True)
    residing = models.BooleanField("在地", default=False)
    registered = models.BooleanField("在册", default=False)
    working = models.BooleanField("在岗", default=False)
    left_on = models.DateField("转出日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "党员"

    def __str__(self) -> str:
        return str(self.person)


class OrgPost(models.Model):
    """A post held in a party organisation, with its term. A vacancy is the absence of a row."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts", verbose_name="人员")
    org_unit = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="posts", verbose_name="党组织"
    )
    kind = models.CharField("职务", max_length=20, choices=PostKind.choices)
    source_identity = models.CharField(
        "来源身份", max_length=20, choices=SourceIdentity.choices, blank=True
    )
    start = models.DateField("任职日期")
    end = models.DateField("离任日期", null=True, blank=True)
    term = models.CharField("届次", max_length=20, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        ordering = ["org_unit", "kind", "-start"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end__isnull=True) | models.Q(end__gte=models.F("start")),
                name="orgpost_end_not_before_start",
                violation_error_message="离任日期不能早于任职日期。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.person}"
