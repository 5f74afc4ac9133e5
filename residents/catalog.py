"""Code tables of the register: what a word in a roster means, and the one label we store for it.

Standards (facts from public derivatives, domain brief §2.3): GB/T 2261.1 gender, GB/T 2261.2
marriage, GB/T 3304 ethnicity, GB/T 4658 education, GB/T 4761 relation, GB/T 4762 political status.

The stored value is always the *label* (what people read and write in their sheets), never the
number: exports look like the sheets that came in, and a code list that grows needs no migration.
Look-ups take text that went through `squash()` (NFKC, no white space); case does not matter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class CodeTable:
    """One closed list: `entries` are (code, label); `aliases` maps other spellings to a label."""

    title: str
    standard: str
    entries: tuple[tuple[str, str], ...]
    aliases: Mapping[str, str]
    _lookup: dict[str, str] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for code, label in self.entries:
            self._lookup[code] = self._lookup[code.lstrip("0") or "0"] = label
        for alias, label in self.aliases.items():
            self._lookup[alias.upper()] = label
        for _code, label in self.entries:
            self._lookup[label.upper()] = label

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels in the order of the table."""
        return tuple(label for _code, label in self.entries)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """(label, label) pairs for a model or form field."""
        return [(label, label) for _code, label in self.entries]

    def label_for(self, text: str) -> str | None:
        """Return the stored label for a squashed word or a code of the standard, else None."""
        return self._lookup.get(text.upper())


def _words(text: str) -> dict[str, str]:
    """Read lines of "label: alias alias …" (indented lines go on) into {alias: label}."""
    found: dict[str, str] = {}
    label = ""
    for line in text.strip().splitlines():
        head, colon, rest = line.partition(":")
        if colon:
            label, line = head.strip(), rest
        found.update(dict.fromkeys(line.split(), label))
    return found


MALE, FEMALE = "男", "女"
GENDERS = CodeTable(
    "性别",
    "GB/T 2261.1",
    (("0", "未知"), ("1", MALE), ("2", FEMALE), ("9", "未说明")),
    _words("""
男: M MALE 男性 先生 男士 ♂
女: F FEMALE 女性 女士 小姐 ♀
未知: 不详 不明
"""),
)

# In the order of GB/T 3304: the code is the position, from 01.
_PEOPLES = tuple(
    _words("""
族: 汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼
    哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土
    达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒
    乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲
    门巴 珞巴 基诺
""")
)
ETHNICITIES = CodeTable(
    "民族",
    "GB/T 3304",
    (
        *((f"{code:02d}", f"{name}族") for code, name in enumerate(_PEOPLES, start=1)),
        ("97", "其他"),
        ("98", "外国血统中国籍人士"),
    ),
    {name: f"{name}族" for name in _PEOPLES}
    | {"维族": "维吾尔族", "哈族": "哈萨克族", "蒙族": "蒙古族", "穿青人": "其他", "其它": "其他"},
)

# "Nothing" (无, -) in this column means "in no party", which is 群众 and not a gap.
POLITICS = CodeTable(
    "政治面貌",
    "GB/T 4762",
    (
        ("01", "中共党员"),
        ("02", "中共预备党员"),
        ("03", "共青团员"),
        ("04", "民主党派"),
        ("12", "无党派人士"),
        ("13", "群众"),
    ),
    _words("""
中共党员: 党员 正式党员 正式 中国共产党党员 共产党员 中共正式党员 是 √ ✓ ✔ ☑ Y
中共预备党员: 预备党员 预备 中国共产党预备党员
共青团员: 团员 共青团 团 中国共产主义青年团团员
民主党派: 民革党员 民盟盟员 民建会员 民进会员 农工党党员 致公党党员
    九三学社社员 台盟盟员 民革 民盟 民建 民进 农工党 致公党 九三学社 台盟
    05 06 07 08 09 10 11 5 6 7 8 9
无党派人士: 无党派 无党派民主人士
群众: 无 普通居民 一般群众 普通群众 居民 - — / 否 非党员 × ✗ ☐ N
"""),
)

EDUCATIONS = CodeTable(
    "文化程度",
    "GB/T 4658",
    (
        ("11", "博士研究生"),
        ("14", "硕士研究生"),
        ("20", "本科"),
        ("30", "大专"),
        ("40", "中专"),
        ("60", "高中"),
        ("70", "初中"),
        ("80", "小学"),
        ("90", "文盲或半文盲"),
        ("99", "学龄前"),
    ),
    _words("""
博士研究生: 博士 博士后
硕士研究生: 硕士 研究生 10
本科: 大学 大本 大学本科 本科生 学士 全日制本科 在职本科 21
大专: 专科 大学专科 专科生 高职 31
中专: 中等专科 中技 技校 技工学校 职高 职业高中 中职 41 44 50
高中: 普通高中 高中生 61
初中: 普通初中 初级中学 初中生 中学 71
小学: 小学生 81
文盲或半文盲: 文盲 半文盲 不识字
学龄前: 学前 学龄前儿童 幼儿 幼儿园 婴儿 婴幼儿
"""),
)

MARRIAGES = CodeTable(
    "婚姻状况",
    "GB/T 2261.2",
    (("10", "未婚"), ("20", "已婚"), ("30", "丧偶"), ("40", "离异"), ("90", "未说明")),
    _words("""
未婚: 单身 否 × ✗ ☐
已婚: 初婚 再婚 复婚 有配偶 结婚 是 √ ✓ ✔ ☑ 21 22 23
丧偶: 丧 寡居
离异: 离婚 离
未说明: 不详
"""),
)

HEAD = "户主"
TENANT_RELATION = "租户"
OTHER_RELATION = "其他"
RELATIONS = CodeTable(
    "与户主关系",
    "GB/T 4761",
    (
        ("02", HEAD),
        ("10", "配偶"),
        ("20", "子女"),
        ("28", "女婿"),
        ("38", "儿媳"),
        ("40", "孙子女"),
        ("50", "父母"),
        ("53", "公婆"),
        ("55", "岳父母"),
        ("60", "祖父母"),
        ("70", "兄弟姐妹"),
        ("97", "其他亲属"),
        ("98", TENANT_RELATION),
        ("99", "非亲属"),
        ("00", OTHER_RELATION),
    ),
    _words("""
户主: 戶主 本人 户主本人 本人或户主 本人/户主 户主/本人 户主(本人) 本人(户主) 户长 家长
    房主 房东 业主 产权人 01 1
配偶: 夫妇 老伴 对象 太太 内人 先生 夫 妻 丈夫 妻子 爱人 老公 老婆 媳妇 夫妻 11 12
子女: 子 女 儿 儿子 女儿 闺女 孩子 独生子 独生女 长子 次子 三子
    四子 五子 小儿子 大儿子 长女 次女 三女 四女 五女 大女儿 小女儿
    养子 养女 继子 继女 养子或继子 养女或继女 其他儿子 其他女儿 其他子女
    儿女 小孩 老大 老二 二儿子 三儿子 二女儿 三女儿 户主之子 户主之女 之子 之女
    长子女 次子女 大儿 小儿 大女 小女 21 22 23 24 25 26 27 29 30 31 32 33 34 35 36 37 39
女婿: 婿 上门女婿 大女婿 小女婿
儿媳: 儿媳妇 子媳 大儿媳 小儿媳 长媳
孙子女: 孙 孙子 孙女 外孙 外孙子 外孙女 外孙子女 孙儿 孙辈 孙女儿
    曾孙 曾孙子 曾孙女 重孙 重孙女 曾外孙 曾外孙女 41 42 43 44 47 48 49
父母: 父 母 父亲 母亲 爸爸 妈妈 爸 妈 爹 娘 继父 继母 养父 养母 51 52 57 58 59
公婆: 公公 婆婆 公爹 公公婆婆 54
岳父母: 岳父 岳母 丈人 丈母娘 丈母 老丈人 56
祖父母: 祖父 祖母 爷爷 奶奶 外祖父 外祖母 外公 外婆 姥姥 姥爷
    曾祖父 曾祖母 61 62 63 64 65 66 67 68 69
兄弟姐妹: 兄 弟 姐 妹 哥哥 弟弟 姐姐 妹妹 兄弟 姐妹 哥 兄长 71 73 75 77 79
其他亲属: 孙媳 孙媳妇 孙女婿 外孙媳 外孙女婿 嫂 嫂子 嫂嫂 弟媳 弟妹 姐夫 妹夫
    45 46 72 74 76 78 81 82 83 84 85 86 87 88 89 90 91 92 93 94 95 96
    亲属 亲戚 伯伯 大伯 叔 舅 姨 姑 外甥子 侄媳 侄 伯父 伯母 叔叔 叔父 婶婶 舅舅 舅父 舅母
    姨父 姨母 姨妈 姑父 姑母 姑妈 侄子 侄女 侄儿 外甥 外甥女
    堂兄弟 堂姐妹 表兄弟 表姐妹 80
租户: 租客 承租人 承租户 租住 租赁 租房 房客 合租人 转租
非亲属: 其他非亲属 员工 职工 学生 住客 同住 同住人 住家保姆 保姆 室友 雇工 护工 合租 寄宿 集体户成员 朋友
其他: 其它
"""),
)
# GB/T 4761 in one digit, as old exports have it: 1 is the spouse, not the person himself.
OLD_RELATIONS = CodeTable(
    "与户主关系",
    "GB/T 4761-1984",
    (
        ("0", HEAD), ("1", "配偶"), ("2", "子女"), ("4", "孙子女"), ("5", "父母"), ("6", "祖父母"),
        ("7", "兄弟姐妹"), ("8", "其他亲属"), ("9", "非亲属"),
    ),
    {"3": "子女"},
)  # fmt: skip
# Nobody is the parent or the spouse of a child: a minor with such members is no head.
ELDER_RELATIONS = frozenset({"配偶", "父母", "公婆", "岳父母", "祖父母"})

RESIDENCES = CodeTable(
    "居住状态",
    "",
    (("1", "常住"), ("2", "流动"), ("3", "人户分离"), ("4", "空挂")),
    _words("""
常住: 常住人口 户籍人口 户籍 户籍常住 自住 自有 长期居住 在住 业主 房主 人户一致
    户在人在 本地户籍 本地 常驻 是 01
流动: 流动人口 暂住 暂住人口 租住 租户 租客 租赁 承租人 承租户 租住人 外来 外来人口 外来务工
    临时 借住 寄住 寄居 出租 非户籍 短租 02
人户分离: 人在户不在 户在人不在 人户不一致 人在户不在人员 户在人不在人员 是人户分离
空挂: 空挂户 挂户 空户 挂靠
"""),
)

# 人口类型 of 综治 exports (GB/T 31000 style): codes of its own, stored as a 居住状态.
POPULATIONS = CodeTable(
    "人口类型",
    "",
    (("01", "常住"), ("02", "流动")),
    {**RESIDENCES.aliases, **{label: label for label in RESIDENCES.labels}},
)

CITIZEN_ID = "居民身份证"
ID_KINDS = CodeTable(
    "证件类型",
    "",
    (
        ("111", CITIZEN_ID),
        ("113", "户口簿"),
        ("114", "军官证"),
        ("414", "护照"),
        ("511", "台湾居民来往大陆通行证"),
        ("516", "港澳居民来往内地通行证"),
        ("553", "外国人永久居留身份证"),
        ("554", "港澳台居民居住证"),
        ("999", "出生医学证明"),
        ("990", "其他"),
    ),
    _words("""
居民身份证: 身份证 二代身份证 居民二代身份证 公民身份号码 二代证 1 01
户口簿: 户口本
军官证: 士兵证 军人证
护照: 外国护照 普通护照
台湾居民来往大陆通行证: 台胞证
港澳居民来往内地通行证: 港澳通行证 回乡证
外国人永久居留身份证: 永居证 外国人永久居留证
港澳台居民居住证: 港澳居民居住证 台湾居民居住证 居住证
出生医学证明: 出生证 出生证明
其他: 其它
"""),
)

_YES_NO = {
    **dict.fromkeys("是 有 对 Y YES TRUE T 1 √ ✓ ✔ ☑ 〇 ○ V".split(), True),  # noqa: SIM905
    **dict.fromkeys("否 无 没有 不是 N NO FALSE F 0 × ✗ ✕ ☐ X - —".split(), False),  # noqa: SIM905
}


def yes_no(text: str) -> bool | None:
    """Read a squashed yes/no word; None when it is neither. A ring (○) counts as a tick."""
    return _YES_NO.get(text.upper())


@dataclass(frozen=True)
class CareLevel:
    """How closely somebody is looked after: one visit at least every `visit_days` days."""

    code: str
    label: str
    visit_days: int


CARE_LEVELS = (
    CareLevel("red", "红色", 7),
    CareLevel("yellow", "黄色", 15),
    CareLevel("blue", "蓝色", 30),
)


@dataclass(frozen=True)
class CareKind:
    """A default kind of key population (重点人群), domain brief §3H.

    `label` is what sheets write and what we show; `computed` kinds are also suggested from age or
    household size and then confirmed by hand; `minor` kinds are visible to fewer roles;
    `enabled=False` kinds exist but only an administrator switches them on.
    """

    code: str
    label: str
    level: str
    aliases: str = ""
    computed: bool = False
    minor: bool = False
    enabled: bool = True


CARE_KINDS: tuple[CareKind, ...] = (
    CareKind("advanced_age", "高龄老人", "blue", "高龄 80岁以上老人 80岁以上", computed=True),
    CareKind("empty_nest", "空巢老人", "blue", "空巢 空巢家庭 空巢户"),
    CareKind("living_alone", "独居老人", "yellow", "独居 孤寡老人 孤老", computed=True),
    CareKind(
        "hardship",
        "困难家庭",
        "yellow",
        "困难 困难户 困难群众 低保 低保户 低保家庭 特困 特困供养 低边 低收入",
    ),
    CareKind("disabled", "残疾人", "yellow", "残疾 残疾人士 残障 残障人士"),
    CareKind("left_behind_child", "留守儿童", "yellow", "留守 留守儿", minor=True),
    CareKind("child_in_need", "困境儿童", "red", "困境 孤儿 事实无人抚养儿童", minor=True),
    CareKind("disability_care", "失能半失能", "red", "失能 半失能 失能老人 半失能老人"),
    CareKind("veteran", "退役军人", "blue", "退役 退伍军人 复员军人 退役士兵"),
    CareKind("preferential", "优抚对象", "blue", "优抚 军属 烈属 军烈属"),
    CareKind("bereaved", "失独家庭", "yellow", "失独 失独老人 计生特殊家庭"),
    CareKind("serious_illness", "大病患者", "yellow", "大病 重病 重大疾病 重症"),
    # Need-to-know and legally sensitive: shipped switched off (domain brief §2.3, PIPL art. 28).
    CareKind("public_order", "综治关注", "yellow", enabled=False),
)


def care_lookup(kinds: Iterable[CareKind] = CARE_KINDS) -> dict[str, str]:
    """Map every label and alias of the enabled kinds to the label that is stored."""
    found: dict[str, str] = {}
    for kind in kinds:
        if kind.enabled:
            found.update(dict.fromkeys(kind.aliases.split(), kind.label))
            found[kind.label] = kind.label
    return found
