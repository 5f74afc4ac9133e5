"""Forms of channels and of a user's choices."""

from typing import Any

from django import forms

from gridparty.lib.text import clean_text
from notices.kinds import Kind
from notices.models import Channel
from notices.transports import all_transports
from orgs.levels import Tier
from orgs.models import OrgUnit
from orgs.roles import EDIT

WAYS = [("email", "电子邮件"), ("sms", "短信")]


class ChannelForm(forms.Form):
    name = forms.CharField(label="名称", max_length=60, help_text="例如：幸福社区工作群")
    transport = forms.ChoiceField(label="方式")
    org = forms.ModelChoiceField(
        label="所属组织", queryset=OrgUnit.objects.none(), empty_label=None,
        help_text="街道或社区。社区没有自己的机器人时，用街道的。",
    )  # fmt: skip
    address = forms.CharField(
        label="地址", required=False, max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-no-draft": ""}),
        help_text="机器人的 Webhook 地址，或短信网关地址。保存后加密，不再显示；修改时留空表示不变。",
    )  # fmt: skip
    secret = forms.CharField(
        label="密钥", required=False, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="钉钉“加签”的密钥（SEC 开头），或短信网关的密钥。没有就不填；修改时留空表示不变。",
    )  # fmt: skip
    template = forms.CharField(
        label="短信请求内容", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="只有短信要填。可用 {phone} {text} {key} {secret}。",
    )  # fmt: skip
    expects = forms.CharField(
        label="短信成功标志", required=False, max_length=60,
        help_text="网关回答里有这几个字才算成功；留空则只看 HTTP 状态。",
    )  # fmt: skip
    is_active = forms.BooleanField(label="在用", required=False, initial=True)

    def __init__(self, *args: Any, user: Any, channel: Channel | None = None, **more: Any) -> None:
        if channel is not None:
            names = ("name", "transport", "org", "template", "expects", "is_active")
            more["initial"] = {name: getattr(channel, name) for name in names}
        super().__init__(*args, **more)
        places = OrgUnit.objects.visible_to(user, EDIT).active()
        org: Any = self.fields["org"]
        org.queryset = places.filter(tier__in=[Tier.STREET, Tier.COMMUNITY])
        kind: Any = self.fields["transport"]
        kind.choices = [(one.code, one.label) for one in all_transports() if one.needs_channel]

    def clean_name(self) -> str:
        return clean_text(self.cleaned_data["name"])

    def clean_address(self) -> str:
        return str(self.cleaned_data["address"]).strip()


class ChoiceForm(forms.Form):
    """One kind of notice: which ways beside the inbox, and whether in a digest."""

    transports = forms.MultipleChoiceField(
        label="另外发到", choices=WAYS, required=False, widget=forms.CheckboxSelectMultiple
    )
    digest = forms.BooleanField(label="攒到 8:30、17:30 一起发", required=False)

    def __init__(self, *args: Any, kind: Kind, **more: Any) -> None:
        more["prefix"] = kind.code.replace(".", "-")
        super().__init__(*args, **more)
        self.kind = kind
