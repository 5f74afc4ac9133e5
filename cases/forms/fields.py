"""Fields shared by the forms of this app. What a text or photo must be is judged by the services."""

from typing import Any

from django import forms

from cases.services import MoveRefused


class ServiceForm(forms.Form):
    """A form whose last word is a service's: `refuse` puts its sentences at the fields."""

    def full_clean(self) -> None:
        for field in self.fields.values():
            picks = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
            verb = "选择" if picks else "填写"
            field.error_messages["required"] = f"请{verb}“{field.label}”。"
        super().full_clean()
        for bound in self.hidden_fields():  # nobody sees an error there
            if bound.name in self.errors:
                del self.errors[bound.name]
                self.add_error(None, "页面内容不完整或已过期，请刷新后再操作。")

    def refuse(self, refusal: MoveRefused) -> None:
        rest = []
        for name, sentence in refusal.fields.items():
            if name in self.fields and not self.fields[name].widget.is_hidden:
                self.add_error(name, sentence)
            else:
                rest.append(sentence)
        if rest or not refusal.fields:
            self.add_error(None, rest or refusal.message)

    @property
    def lost_photos(self) -> bool:
        """Whether photos came with a form that is shown again: browsers do not send them back."""
        return bool(self.errors) and bool(self.files)


def prose(label: str, *, rows: int = 4, required: bool = True, **kwargs: Any) -> forms.CharField:
    """Return a text area. No maxlength: a browser would silently cut what is pasted."""
    hint = kwargs.pop("placeholder", "")
    attrs = {"rows": rows, **({"placeholder": hint} if hint else {})}
    return forms.CharField(
        label=label, required=required, widget=forms.Textarea(attrs=attrs), strip=False, **kwargs
    )
