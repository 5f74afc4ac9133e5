"""The text of a WeChat group, as pasted: who said what when. Pure.

Known layouts: "张三 2026/11/30 9:12" (and "11-30 09:12", "09:12") over the words; "张三:" over the
words; "张三：words"; forwarded records with "—— 2026-11-30 ——" between the days; and plain
paragraphs. What nobody needs as a report (收到, 好的, a lone emoji, a withdrawn message) is left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

MOST_MESSAGES = 200
_DAY = r"(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?|昨天|今天|前天|星期[一二三四五六日天]"
_TIME = r"(?:上午|下午|晚上|凌晨|中午)?\s*\d{1,2}:\d{2}(?::\d{2})?"
_NAME_FIRST = re.compile(rf"^(?P<name>\S.{{0,29}}?)\s+(?P<when>(?:(?:{_DAY})\s+)?{_TIME})$")
_TIME_FIRST = re.compile(rf"^(?P<when>(?:{_DAY})\s+{_TIME})\s+(?P<name>\S.{{0,29}})$")
_COLON = re.compile(r"^(?P<name>[^\s:：，。,!！?？、；;]{1,16})[:：]\s*(?P<rest>.*)$")
_RULE = re.compile(r"^[—\-─=]{2,}.*[—\-─=]{2,}$|^[—\-─=]{3,}$")
_NOT_NAMES = re.compile(
    r"地址|地点|位置|时间|电话|手机|联系|问题|内容|反映|诉求|情况|原因|备注|附|注|如下|http|建议|答|问"
)
_MEDIA = re.compile(r"\[(图片|视频|动画表情|表情|语音|文件|位置|链接|小程序|红包|聊天记录)[^\]]*\]")
_FACES = re.compile(r"\[[一-龥A-Za-z]{1,6}\]")
_CALLED = re.compile(r"@\S{1,20}[\s ]")
_NOTICE = re.compile(r"撤回了一条消息|加入了?群聊|修改群名|拍了拍|以下是新消息|群公告")
_CHATTER = re.compile(
    r"^(?:(?:收到|好的?|嗯+|哦+|谢+|谢谢.{0,3}|辛苦.{0,3}|知道了?|明白|ok|在的?|是的?|对的?|可以|行|赞|顶|"
    r"同意|[+＋]1|没有|有|不是|感谢.{0,4}|早上好|大家好|早|晚安)[!！。.~～,，\s]*)+$",
    re.IGNORECASE,
)
_MOBILE = re.compile(r"(?<!\d)1\d{10}(?!\d)")
_BUILDING = re.compile(r"(\d{1,3})\s*(?:栋|幢|号楼|#楼|#|座)")
LEAST = 4


@dataclass(frozen=True)
class Message:
    """One report-like utterance. `pictures`: how many the text says were with it."""

    sender: str
    when: str
    text: str
    pictures: int = 0

    @property
    def phone(self) -> str:
        """Return the first mobile number in the words, "" when there is none."""
        found = _MOBILE.search(self.text)
        return found[0] if found else ""

    @property
    def building(self) -> str:
        """Return the number of the building spoken of: "3" in "3栋二单元"."""
        found = _BUILDING.search(self.text)
        return found[1].lstrip("0") if found else ""


@dataclass(frozen=True)
class ChatLog:
    """What was read: the messages fit for a report, and how many were left out."""

    messages: tuple[Message, ...]
    left_out: int


def read_chat(text: str) -> ChatLog:
    """Return the messages of a pasted chat, oldest first, at most MOST_MESSAGES."""
    spoken = list(_joined(_spoken(text)))
    fit = [one for one in (_tidy(message) for message in spoken) if _says_something(one)]
    return ChatLog(tuple(fit[:MOST_MESSAGES]), len(spoken) - len(fit[:MOST_MESSAGES]))


def _spoken(text: str) -> Iterator[Message]:
    """Split at headers; a text without any, at blank lines."""
    lines = [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    lines = [line for line in lines if not _RULE.match(line) and not _NOTICE.search(line)]
    headed = any(_header(line) for line in lines)
    sender = when = ""
    words: list[str] = []
    for line in lines:
        header = _header(line)
        if header is None and (headed or line):
            words.append(line)
            continue
        yield Message(sender, when, "\n".join(words))
        sender, when, rest = header or ("", "", "")
        words = [rest] if rest else []
    yield Message(sender, when, "\n".join(words))


def _header(line: str) -> tuple[str, str, str] | None:
    for shape in (_NAME_FIRST, _TIME_FIRST):
        found = shape.match(line)
        if found:
            return _name(found["name"]), found["when"].strip(), ""
    found = _COLON.match(line)
    if found and not _NOT_NAMES.search(found["name"]) and not found["name"].isdigit():
        return _name(found["name"]), "", found["rest"]
    return None


def _name(text: str) -> str:
    """Drop what WeCom and QQ add to a name."""
    return re.sub(r"\((?:\d+|[^)]*@[^)]*)\)$|^\[[^\]]*\]", "", text).strip(" :：")


def _joined(messages: Iterator[Message]) -> Iterator[Message]:
    """Put together what one person said in a row; empty ones fall away."""
    last: Message | None = None
    for one in messages:
        if not one.text.strip():
            continue
        if last is not None and one.sender and one.sender == last.sender:
            last = replace(last, text=f"{last.text}\n{one.text}")
            continue
        if last is not None:
            yield last
        last = one
    if last is not None:
        yield last


def _tidy(message: Message) -> Message:
    """Take out pictures, emoji and @names; count the pictures."""
    pictures = sum(kind in ("图片", "视频") for kind in _MEDIA.findall(message.text))
    text = _FACES.sub("", _MEDIA.sub("", _CALLED.sub("", f"{message.text} ")))
    lines = [line.strip() for line in text.split("\n")]
    kept = [line for line in lines if line and not (len(line) <= 20 and _CHATTER.match(line))]
    return replace(message, text="\n".join(kept), pictures=pictures)


def _says_something(message: Message) -> bool:
    return len(re.sub(r"[\W_]", "", message.text)) >= LEAST
