"""The design ground: what every template and static file must keep, and that components render."""

import hashlib
import re
from pathlib import Path

import pytest
from django import forms
from django.template.loader import get_template, render_to_string

from orgs.templatetags.ui import LIGHTS, light

REPO = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((REPO / "templates").rglob("*.html"))
OUR_STATIC = [
    path
    for path in sorted((REPO / "static").rglob("*"))
    if path.suffix in {".css", ".js"} and "vendor" not in path.parts
]
SPRITE = set(re.findall(r'<symbol id="([\w-]+)"', (REPO / "static/icons.svg").read_text()))


def name(path: Path) -> str:
    return path.relative_to(REPO).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_holds_no_inline_style_script_or_handler(path):
    text = path.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", text, re.S):
        assert "src=" in attributes or "application/json" in attributes
        assert not body.strip() or "application/json" in attributes


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_compiles_and_names_only_icons_of_the_sprite(path):
    get_template(path.relative_to(REPO / "templates").as_posix())
    used = re.findall(r'{% icon "([\w-]+)"', path.read_text())
    assert set(used) <= SPRITE


def test_a_light_names_an_icon_of_the_sprite():
    assert {mark for mark, _ in LIGHTS.values()} <= SPRITE


@pytest.mark.parametrize("path", [*TEMPLATES, *OUR_STATIC], ids=name)
def test_nothing_is_fetched_from_another_host(path):
    text = re.sub(r"http://www\.w3\.org/[\w/]+", "", path.read_text())
    assert not re.search(r"https?://|@import", text)
    assert not re.search(r"""(src|href)=["']//|url\(["']?//""", text)


def test_vendored_files_match_their_sums_and_name_no_source_map():
    vendor = REPO / "static/vendor"
    sums = re.findall(r"^([0-9a-f]{64})  (\S+)$", (vendor / "VENDOR.md").read_text(), re.M)
    assert {path for _, path in sums} >= {
        path.relative_to(vendor).as_posix() for path in vendor.rglob("*.min.*")
    }
    for expected, path in sums:
        content = (vendor / path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == expected, path
        assert b"sourceMappingURL" not in content, path


class AnyForm(forms.Form):
    q = forms.CharField(label="搜索", required=False)
    kind = forms.ChoiceField(label="类别", choices=[("", "请选择"), ("1", "环境")])
    level = forms.ChoiceField(label="程度", choices=[("1", "急")], widget=forms.RadioSelect)
    note = forms.CharField(label="说明", help_text="可以用语音输入。")
    agree = forms.BooleanField(label="同意回访")


def test_a_form_names_each_field_and_ties_help_and_errors_to_it():
    html = render_to_string("components/form.html", {"form": AnyForm({}), "form_id": "report"})
    assert '<label for="id_note">说明' in html
    assert 'aria-describedby="id_note_helptext id_note_error"' in html
    assert 'id="id_note_helptext"' in html
    assert 'id="id_note_error"' in html
    assert "有 4 处需要改正" in html
    assert 'id="report" data-autosave' in html


def test_a_filter_form_keeps_what_was_typed_and_escapes_it():
    html = render_to_string("components/filters.html", {"form": AnyForm({"q": '"><b>3栋'})})
    assert 'value="&quot;&gt;&lt;b&gt;3栋"' in html
    assert 'href="?"' in html


@pytest.mark.parametrize(
    ("level", "text"), [("green", "正常"), ("yellow", "临期"), ("red", "超期")]
)
def test_a_light_says_in_words_what_it_shows_in_colour(level, text):
    html = light(level)
    assert text in html
    assert "<svg" in html


def test_a_figure_links_to_its_list_and_says_formula_and_cut_off():
    html = render_to_string(
        "components/stat.html",
        {
            "value": 0,
            "label": "已超期",
            "url": "/cases/?late=1",
            "formula": "超期未办结",
            "as_of": "8时",
        },
    )
    assert 'href="/cases/?late=1"' in html
    assert ">0<" in html
    assert "截至 8时" in html
    assert "—" in render_to_string("components/stat.html", {"value": None, "label": "满意率"})


def test_milestones_say_their_state_in_words():
    steps = [{"label": "基层呼叫", "state": "done"}, {"label": "街道吹哨", "state": "current"}]
    html = render_to_string("components/milestones.html", {"milestones": steps})
    assert '基层呼叫<span class="visually-hidden">：已完成' in html
    assert 'aria-current="step"' in html


def test_the_500_page_needs_no_context():
    html = render_to_string("500.html")
    assert "系统出了点问题" in html
    assert 'href="/"' in html


def test_the_403_page_says_why():
    html = render_to_string("403.html", {"exception": "只有街道指挥中心可以吹哨。"})
    assert "只有街道指挥中心可以吹哨。" in html
