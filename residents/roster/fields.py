"""What a roster can say about a person, and the spellings people use for it (domain brief §6.2).

Besides Chinese headers the short names of police exports (XM, GMSFHM) are known.
"""

from __future__ import annotations

import re

from gridparty.lib.text import squash

# Field → the label we use, then the spellings people use, best first.
FIELDS: dict[str, tuple[str, ...]] = {
    "serial": ("序号", "编号", "行号", "NO", "NO.", "XH"),
    "community": (
        "所属社区", "社区", "社区名称", "居委会", "所属居委会", "村居", "村（社区）", "社区（村）",
        "所在社区", "村社区",
    ),
    "grid": ("所属网格", "网格", "网格名称", "网格编码", "网格编号", "网格号", "所在网格", "微网格"),
    "compound": (
        "小区名称", "小区", "现住小区", "楼盘", "院落", "小区（院落）", "居住小区", "所在小区",
        "住宅小区", "小区名", "现住小区/建筑", "所属小区", "小区院落", "苑",
    ),
    "building": (
        "楼栋", "楼号", "幢号", "栋号", "座", "楼栋号", "楼幢", "幢", "栋", "楼幢号", "建筑",
        "所在楼栋", "楼座", "楼栋名称", "楼", "楼宇", "栋（幢）", "座号", "栋/幢", "楼栋（幢）", "号楼",
    ),
    "unit": ("单元", "门栋", "梯", "单元号", "单元楼", "单元名称", "门洞", "单元（梯）", "梯号", "门"),
    "floor": ("楼层", "层", "所在楼层", "层数"),
    "room": (
        "房号", "室号", "门牌", "门牌号", "房间号", "室", "户室号", "房屋号", "房间", "户室", "房屋编号",
        "楼室号", "房屋", "门号", "室（房）号", "门牌号码", "房屋地址", "楼栋房号", "楼栋门牌号", "房屋门牌",
        "楼栋门牌",
    ),
    "address": (
        "住址", "现住址", "家庭住址", "详细地址", "居住地址", "门牌地址", "现居住地", "现居住地址",
        "实际居住地", "现住地址", "家庭地址", "地址", "住房地址", "居住地", "实际居住地址", "现住详址",
        "常住地址", "居住详细地址", "房屋坐落", "现居住详细地址", "租住地址", "暂住地址", "现居住址", "XZZ",
        "具体地址", "出租房地址", "出租屋地址", "房屋详细地址", "家庭详细地址", "住所", "DZ", "JZDZ", "JZDXZ",
    ),
    "household_no": (
        "户编号", "户号", "户编码", "家庭编号", "序号(户)", "户序号", "住户编号", "家庭户号", "户口编号",
        "户口簿号", "户口本号", "家庭编码", "户别编号", "HH", "HBH",
    ),
    "name": (
        "姓名", "居民姓名", "成员姓名", "家庭成员姓名", "人员姓名", "名字", "家庭成员", "住户姓名", "成员", "家庭人员",
        "家属姓名", "同住人姓名", "人员",
        "人口姓名", "公民姓名", "被登记人", "被登记人姓名", "流动人口姓名", "XM",
    ),
    "relation": (
        "与户主关系", "关系", "称谓", "家庭关系", "与房主关系", "和户主关系", "与户主的关系", "与本人关系",
        "与户主之关系", "户主关系", "同户主关系", "是户主的", "与家长关系", "家庭成员关系", "成员关系", "YHZGX",
    ),
    "gender": ("性别", "性别代码", "XB"),
    "ethnicity": ("民族", "民族代码", "MZ"),
    "id_kind": ("证件类型", "证件种类", "证件类别", "ZJLX", "ZJZL"),
    "id_number": (
        "证件号码", "身份证号", "身份证号码", "公民身份号码", "证件号", "身份证", "居民身份证号",
        "居民身份证号码", "公民身份证号码", "公民身份证号", "身份号码", "身份证件号码", "二代身份证号",
        "有效证件号", "有效证件号码", "身份证（护照）号", "GMSFHM", "SFZH", "ZJHM", "SFZHM",
    ),
    "birth": ("出生日期", "出生年月", "出生年月日", "生日", "出生时间", "出生日", "CSRQ"),
    "age": ("年龄", "周岁", "现年龄"),
    "political": ("政治面貌", "是否党员", "党员", "政治面貌代码", "政治状况", "ZZMM"),
    "education": ("文化程度", "学历", "教育程度", "文化程度代码", "最高学历", "WHCD"),
    "marriage": ("婚姻状况", "婚姻", "婚姻情况", "婚否", "婚姻状况代码", "婚姻状态", "HYZK"),
    "phone": (
        "联系电话", "手机号", "手机", "电话", "联系方式", "手机号码", "电话号码", "联系号码", "移动电话",
        "联系手机", "本人电话", "本人联系电话", "联系电话号码", "固定电话", "LXDH", "SJHM",
    ),
    # Beside the members of a household: the head's, whoever the row is about. Spelt by its role.
    "head_phone": ("户主电话",),
    "residence": (
        "居住状态", "居住类型", "人员类型", "常住/流动", "居住情况", "人员性质", "居住性质", "常住或流动",
        "人员属性", "是否常住", "户籍类型", "居住类别",
    ),
    "population": ("人口类型", "人口性质", "人口类别", "RKLX"),
    "separated": ("是否人户分离", "人户分离", "人户是否分离"),
    "tenant": ("是否租户", "是否租住", "是否租客", "是否租赁"),
    "moved_in": (
        "入住日期", "迁入日期", "入住时间", "起租日期", "居住开始日期", "来本地日期", "起租时间",
        "租住日期", "迁入时间", "入住年月", "户籍迁入日期", "租房起始日期", "搬入日期", "租赁起始日期", "租赁开始日期", "起租日", "来时间", "来住日期",
    ),
    "moved_out": (
        "迁出日期", "退租日期", "搬离日期", "搬出日期", "离开日期", "迁出时间", "退租时间", "搬离时间", "离开时间",
    ),
    "is_moved_out": ("是否已迁出", "是否迁出", "已迁出", "是否搬离", "是否搬走", "是否退租"),
    "died_on": ("死亡日期", "去世日期", "死亡时间", "去世时间"),
    "is_dead": ("是否已死亡", "是否死亡", "是否去世", "已死亡"),
    "state": ("人员状态", "人口状态", "状态", "变动情况", "变更情况", "人员变动"),
    "registered_address": (
        "户籍地址", "户籍所在地", "户口所在地", "户籍地", "户籍详址", "户口地址", "户籍详细地址",
        "户籍住址", "户籍所在地址", "户口所在地址", "HJDZ",
    ),
    "care": (
        "重点人群", "人员类别", "特殊情况", "重点类别", "特殊人群", "重点人群类型", "人群类别",
        "关爱对象", "重点人员类型", "重点人员类别", "特殊群体", "重点对象", "关爱类型", "人群类型", "人员标签",
        "重点人员", "重点人群类别",
    ),
    "volunteer": ("是否志愿者", "志愿者", "是否为志愿者"),
    "workplace": (
        "工作单位", "服务处所", "职业", "工作学习情况", "工作/学习单位", "单位", "就业单位", "工作单位及职务",
        "从业单位", "单位名称", "工作（学习）单位", "FWCS",
    ),
    "remark": ("备注", "说明", "备注说明", "其他情况", "其他说明", "其他情况说明", "其它", "其他", "BZ"),
    # Of the system's own export only (residents/roster/keys.py).
    "person_key": ("人员键",),
    "row_version": ("档案版本",),
}  # fmt: skip

# Fields of the household, not of one person: in a wide row they stand once for everybody.
HOUSEHOLD_FIELDS = frozenset(
    ["serial", "community", "grid", "compound", "building", "unit", "floor", "room", "address",
     "household_no", "moved_in", "moved_out", "is_moved_out"]
)  # fmt: skip
DOOR_FIELDS = frozenset(["building", "unit", "room", "address"])

_NOISE = re.compile(r"[\s*:：★#※▲]|\([^()]*(?:位|填|选|格式|文本|例如|如:|数字)[^()]*\)")
# Spelling → (field, how good a spelling it is): where 姓名 and 居民姓名 both stand, 姓名 wins.
_ALIASES: dict[str, tuple[str, int]] = {}


# 樓棟, 與戶主關係: traditional characters of header words, one for one.
_TRADITIONAL = str.maketrans(
    "樓棟單號戶證與關係聯繫話電齡貌況業現舊區網別稱類別婚姻歲誌願",
    "楼栋单号户证与关系联系话电龄貌况业现旧区网别称类别婚姻岁志愿",
)


def header_word(cell: object) -> str:
    """A header cell without width, white space, （必填）, （18位）, stars and colons; upper case."""
    return _NOISE.sub("", squash(cell).translate(_TRADITIONAL)).upper()


for _name, _spellings in FIELDS.items():
    for _rank, _spelling in enumerate(_spellings if _name != "head_phone" else ()):
        _ALIASES.setdefault(header_word(_spelling), (_name, _rank))


# A whole door in one column: 楼栋单元房号, 楼号-单元-室号, 几栋几单元几室.
_DOOR_IN_ONE = re.compile(
    r"几?(?:楼栋|楼幢|楼宇|楼|栋|幢|座)号?[-/、]?(?:几?(?:单元|门栋|梯|门)号?[-/、]?)?"
    r"几?(?:房间号?|房号|室号|门牌号?|户室号?|室)"
)
_WORST_RANK = 98


def field_of(word: str) -> tuple[str, int] | None:
    """(field, rank) of a header word, None when it is no known spelling."""
    known = _ALIASES.get(word)
    if known is None and _DOOR_IN_ONE.fullmatch(word):
        return "room", _WORST_RANK
    return known


def field_label(name: str) -> str:
    """The Chinese label of a field: "id_number" → 证件号码."""
    return FIELDS[name][0]


FIELD_CHOICES: tuple[tuple[str, str], ...] = (
    ("", "不导入"),
    *((name, field_label(name)) for name in FIELDS),
)
