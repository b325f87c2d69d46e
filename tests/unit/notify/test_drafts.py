"""Drafts of templates: what is refused when one is saved, with its line, so that nothing can break when it is sent."""

from itertools import product
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from notify.templates import draft
from notify.templates.asked import ALWAYS_TOLD, NEEDED, NUMBER, variables
from notify.templates.draft import LONGEST_SOURCE, LONGEST_TITLE, compiled, faults
from notify.templates.sample import ALWAYS, FULL, NAMES, SAMPLES, sample
from notify.templates.version import original
from notify.wording.catalogue import KINDS, codes, label
from notify.wording.wording import LANGUAGES, LIMITS, PLAIN, Wording, sources, templates
from notify.wording.words import VARIABLES, Form

EVERY = sorted(templates())
LABELS = [str(label(kind, code, "en")) for kind in KINDS for code in codes(kind, "en")]


def drafted(source: str, template: str = "registered", variant: str = PLAIN) -> dict[str, dict[str, str]]:
    """The built-in texts with this one instead of the English one."""
    found = sources(template)
    return {**found, "en": {**found["en"], variant: source}}


def found(source: str, template: str = "registered", variant: str = PLAIN) -> list[tuple[str, int | None]]:
    """What is wrong with it, besides that it does not say the number of its case, of which there is a test below."""
    said = faults(template, drafted(source, template, variant))
    return [(each.code, each.line) for each in said if each.more.get("variable") != NUMBER]


@pytest.mark.parametrize("template", EVERY)
def test_every_built_in_template_could_be_saved(template: str) -> None:
    assert faults(template, sources(template)) == []
    assert original(template).texts == sources(template)


@pytest.mark.parametrize("template", EVERY)
def test_every_template_reads_well_with_sample_data_in_each_language_and_channel(template: str) -> None:
    filled = compiled(template, sources(template))
    for name, language, channel in product(SAMPLES, LANGUAGES, (PLAIN, *LIMITS)):
        said = filled.text(template, language, sample(template, name), NAMES, channel)
        assert said.title, (name, language, channel)
        assert said.body, (name, language, channel)
        odd = [each for each in ("None", "{", "}", "( )", "()", "“”") if each in str(said)]
        assert odd == [], (name, language, channel)


@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        ("Title\n{{ nunber }}", "unknown_template_variable", 2),
        ("Title\n{{ slip }}", "unknown_template_variable", 2),
        ("Title\n{% if nunber %}a{% endif %}b", "unknown_template_variable", 2),
        ("Title\n\n{% if number %}", "template_syntax", 3),
        ("Title\n{{ number", "template_syntax", 2),
        ("Title\n{% trans %}a{% endtrans %}", "template_syntax", 2),
        ("Title\n\n{{ 5 }}", "template_number", 3),
        ("Title\n{% if number == 1.5 %}a{% endif %}b", "template_number", 2),
        (f"Title\n{{{{ 0x{'f' * 3900} }}}}", "template_number", 2),
        ("Title\n{{ number|nosuch }}", "template_forbidden", 2),
        ("Title\na\n{{ number.__class__.__mro__ }}", "template_forbidden", 3),
        ("Title\n{{ number['__class__'] }}", "template_forbidden", 2),
        ("Title\n{{ number|attr('__class__') }}", "template_forbidden", 2),
        ("Title\n{{ self.__init__ }}", "template_forbidden", 2),
        ("Title\n{{ lipsum.__globals__ }}", "template_forbidden", 2),
        ("Title\n{{ number.upper() }}", "template_forbidden", 2),
        ("Title\n{{ cycler('a') }}", "template_forbidden", 2),
        ("Title\n{% include 'closed.txt' %}", "template_forbidden", 2),
        ("Title\n{% import 'closed.txt' as c %}", "template_forbidden", 2),
        ("{% extends 'closed.txt' %}\na", "template_forbidden", 1),
        ("Title\n{% set a = 1 %}b", "template_forbidden", 2),
        ("Title\n{% set a %}b{% endset %}", "template_forbidden", 2),
        ("Title\n{% with %}b{% endwith %}", "template_forbidden", 2),
        ("Title\n{% filter upper %}b{% endfilter %}", "template_forbidden", 2),
        ("Title\n{% block a %}b{% endblock %}", "template_forbidden", 2),
        ("Title\n{{ number is defined }}", "template_forbidden", 2),
        ("Title\n{{ number > 3 }}", "template_forbidden", 2),
        ("Title\n{{ 'a' * 1000000000 }}", "template_forbidden", 2),
        ("Title\n{{ 9 ** 9 ** 9 ** 9 }}", "template_forbidden", 2),
        ("Title\n{{ number ~ number }}", "template_forbidden", 2),
        ("Title\n{{ '%0999999999d'|format(1) }}", "template_forbidden", 2),
        ("Title\n{{ number|center(1000000000) }}", "template_forbidden", 2),
        ("Title\n{{ number|replace('', number) }}", "template_forbidden", 2),
        ("Title\n{{ number|upper(1) }}", "template_forbidden", 2),
        ("Title\n{% for a in range(1000000000) %}x{% endfor %}", "template_loop", 2),
        ("Title\n{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}", "template_loop", 2),
        ("Title\n{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", "template_loop", 2),
        ("\nBody", "template_title_missing", 1),
        ("{% if place %}Title{% endif %}\nBody", "template_title_missing", 1),
        ("{{ place }}\nBody", "template_title_missing", 1),
        ("Title", "template_body_missing", None),
        ("Title\n{{ place }}", "template_body_missing", None),
        ("Title\n{{ place|trim }}", "template_body_missing", None),
        ("Title\n{{ true }}{{ number == number }}", "template_body_missing", None),
        ("T" * (LONGEST_TITLE + 1) + "\nBody", "template_title_too_long", 1),
        ("Title\n" + "x" * LIMITS["sms"], "template_too_long", None),
        ("Title\n\n<script>alert(1)</script>", "template_markup", 3),
        ("Title\na\nb <a href='https://example.com'>c</a>", "template_markup", 3),
        ("Title\n<{{ number }}", "template_markup", 2),
        ("Title\n{{ '<b>' }}", "template_markup", 2),
        ("Title\n{{ '\\x3cb>' }}", "template_markup", 2),
        ("Title\n&lt;b&gt;", "template_markup", 2),
        ("Title\n&#60;", "template_markup", 2),
        ("Title\na\x07b", "template_characters", 2),
        ("Title\r\nb", "template_characters", 1),
        ("Title\na\u2028b", "template_characters", 2),
        ("Title\n\n{{ '\\x07' }}b", "template_characters", 3),
        ("Title\n{{ number or '\\ud800' }}", "template_characters", 2),
        ("Title\n{{ '\\u202e' }}b", "template_characters", 2),
        ("Title\nabc\u202edef", "template_characters", 2),
        ("Title\nabc\ue000def", "template_characters", 2),
        ("Title\nabc\u3164def", "template_characters", 2),
        ("Title\n灯\u200d灯", "template_characters", 2),
        ("Title\n" + "{% if number %}" * 50 + "x" + "{% endif %}" * 50, "template_too_deep", 2),
        ("Title\n{{ " + "not " * 900 + "number }}", "template_too_deep", 2),
        ("Title\n{{ " + "(" * 1900 + "number" + ")" * 1900 + " }}", "template_too_deep", None),
    ],
)
def test_a_text_that_could_break_is_refused_with_its_line(source: str, code: str, line: int | None) -> None:
    assert (code, line) in found(source)
    assert {each for each, _ in found(source)} <= {code, "unknown_template_variable", "template_forbidden"}


@pytest.mark.parametrize(
    "source",
    [
        "Case 👩\u200d🚒 می\u200cروم\n{{ number }}",
        "Case {{ number }}\n{% if category %}About {{ category }}.{% else %}A case.{% endif %}",
        "{{ number }}\n{{ category or 'not yet classified' }}, {{ 'here' if place else 'there' }} < 3 km & more",
        "{{ number|upper }}\n{% if not place and number != 'x' %}a{% elif category == 'y' %}b{% endif %}c 👍🏽 👨‍👩‍👧",
        "{# a remark #}Title\n{% raw %}{{ as it stands }}{% endraw %}",
    ],
)
def test_what_a_text_may_do(source: str) -> None:
    assert found(source) == []


@pytest.mark.parametrize(
    ("expression", "what"),
    [
        ("'a' * 9", "*"),
        ("-number", "-"),
        ("number ** 2", "**"),
        ("number ~ 'a'", "~"),
        ("number > 'a'", ">"),
        ("number not in place", "not in"),
        ("number is defined", "is"),
        ("range(9)", "range(…)"),
        ("number.upper()", "…(…)"),
        ("number.__class__", ".__class__"),
        ("number[0]", "[…]"),
        ("[number]", "[…]"),
        ("{'a': number}", "{…}"),
        ("number|safe", "safe"),
    ],
)
def test_what_is_forbidden_is_named_as_it_is_written(expression: str, what: str) -> None:
    [fault] = faults("registered", drafted(f"Title\n{{{{ {expression} }}}}"))
    assert (fault.code, fault.more) == ("template_forbidden", {"what": what})


@pytest.mark.parametrize("tag", ["set a = number", "include 'a'", "with", "import 'a' as b", "from 'a' import b"])
def test_a_forbidden_tag_is_named(tag: str) -> None:
    fault = faults("registered", drafted(f"Title\n{{% {tag} %}}{'{% endwith %}' if tag == 'with' else ''}"))[0]
    assert (fault.code, fault.more) == ("template_forbidden", {"what": tag.split(maxsplit=1)[0]})


def test_what_cannot_be_read_is_said_in_the_signs_that_stand_there() -> None:
    [fault] = faults("registered", drafted("Title\n{{ number"))
    assert fault.more == {"said": "unexpected end of template, expected '}}'."}


def test_a_kept_text_that_nobody_foresaw_is_left_out_and_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a later Jinja2 can read and not compile keeps no other text from going out."""
    monkeypatch.setattr(draft, "_constant", lambda *_: None)
    failed: list[tuple[str, str]] = []
    unforeseen = f"{{{{ number }}}}\n{{{{ 0x{'f' * 3900} }}}}"
    texts = {**drafted(unforeseen), "zh-CN": {"plain": "{{ number }}\n正文"}}
    used = draft.usable("registered", texts, lambda place, reason: failed.append((place.language, reason)))
    assert [each.language for each in used if each.variant == PLAIN] == ["zh-CN"]
    assert failed == [("en", "ValueError")]


def test_all_faults_of_all_texts_are_told_at_once() -> None:
    texts = {"zh-CN": {"plain": "标题\n{{ nunber }}\n<b>"}, "en": {"plain": "\n{{ number }}", "sms": "a\n{% for %}"}}
    told = [(each.pointer, each.code, each.line) for each in faults("registered", texts)]
    assert told == [
        ("/texts/zh-CN/plain", "unknown_template_variable", 2),
        ("/texts/zh-CN/plain", "template_markup", 3),
        ("/texts/en/plain", "template_title_missing", 1),
        ("/texts/en/sms", "template_syntax", 2),
    ]


def test_a_text_for_a_channel_is_held_to_its_channel_alone() -> None:
    long = "Title\n" + "x" * 300
    assert found(long) == [("template_too_long", None)]
    assert found(long, variant="sms") == [("template_too_long", None)]
    assert found(long, variant="email") == []
    texts = drafted(f"{long} {{{{ number }}}}") | {}
    texts["en"]["sms"] = "{{ number }}\nshort"
    assert faults("registered", texts) == []


@pytest.mark.parametrize("template", sorted(NEEDED))
def test_what_a_message_is_of_no_use_without_has_to_be_said(template: str) -> None:
    assert ("template_variable_missing", None) in found("Title\nBody", template)
    conditional = f"Title\n{{% if {NEEDED[template]} %}}Body{{% else %}}b{{% endif %}}"
    assert ("template_variable_missing", None) in found(conditional, template)


CONDITIONAL = [
    "Title\n{% if code == '123456' %}{{ code }}{% else %}later{% endif %}",
    "Title\n{% if code %}{{ code }}{% endif %}b",
    "Title\n{{ code if code == '123456' else 'later' }}",
    "Title\n{{ code or 'later' }}",
    "Title\n{{ 'later' and code }}",
    "Title\n{{ code == code }}b",
    "Title\n123456",
]


@pytest.mark.parametrize("source", CONDITIONAL)
@pytest.mark.parametrize("variant", [PLAIN, "sms"])
def test_what_a_message_needs_is_said_whatever_its_value(source: str, variant: str) -> None:
    """The samples have one code; the next has another."""
    assert found(source, "one_time_code", variant) == [("template_variable_missing", None)]


@pytest.mark.parametrize("said", ["{{ code }}", "{{ code|trim }}", "{{ code|upper|trim }}"])
@pytest.mark.parametrize("source", ["{}\nBody", "Title\n{}", "Title\n{{% if expires_at %}}a{{% endif %}}{} b"])
def test_what_a_message_needs_may_be_said_through_filters_and_beside_conditions(said: str, source: str) -> None:
    assert found(source.format(said), "one_time_code") == []


@pytest.mark.parametrize("source", CONDITIONAL)
def test_a_kept_text_that_may_leave_out_what_it_needs_is_left_out_and_reported(source: str) -> None:
    failed: list[tuple[str, str]] = []
    texts = drafted(source, "one_time_code")
    used = draft.usable("one_time_code", texts, lambda place, reason: failed.append((place.language, reason)))
    code = {**FULL, "code": "654321"}
    assert "654321" in str(Wording(used).text("one_time_code", "en", code, NAMES))
    assert failed == [("en", "template_variable_missing")]


@pytest.mark.parametrize("template", [each for each in EVERY if NUMBER in variables(each)])
@pytest.mark.parametrize("variant", [PLAIN, "sms"])
def test_which_case_a_message_is_about_has_to_be_said_in_every_channel(template: str, variant: str) -> None:
    """People have several; `registered` without its number would say nothing that helps."""
    unsaid = [each.more for each in faults(template, drafted("Title\nBody", template, variant))]
    assert {"variable": NUMBER} in unsaid
    assert {"variable": NUMBER} not in [
        each.more for each in faults(template, drafted("{{ number }}\nBody", template, variant))
    ]


def test_a_code_is_told_through_every_channel() -> None:
    assert ("template_variable_missing", None) in found("Title\nBody", "one_time_code", "sms")
    assert found("Title\nBody", "digest", "sms") == []


def test_the_samples_say_every_variable() -> None:
    assert FULL.keys() >= ALWAYS
    told = FULL.keys() | {"place", "units", "message", "passes_on"}
    assert VARIABLES.keys() <= told
    assert all(variables(each) <= VARIABLES.keys() for each in EVERY)
    assert all(each <= VARIABLES.keys() for each in ALWAYS_TOLD.values())
    assert all(name in variables(template) for template, name in NEEDED.items())


NAMES_OF_ALL = st.sampled_from([*sorted(VARIABLES), "self", "range", "lipsum", "loop", "x", "__class__", "caller"])
PARTS = st.one_of(
    st.text(max_size=20),
    NAMES_OF_ALL,
    st.sampled_from(
        [
            *(
                "{{",
                "}}",
                "{%",
                "%}",
                "{#",
                "#}",
                ".",
                "[",
                "]",
                "(",
                ")",
                "|",
                "~",
                "*",
                "**",
                ",",
                "'",
                '"',
                "=",
                "<b>",
            ),
            *("if", "endif", "else", "for", "in", "endfor", "set", "macro", "endmacro"),
            " ",
            "\n",
            "not ",
            " or ",
            " is ",
            "import",
            "include",
            "recursive",
            "%}{%",
            "raw %}",
            "{%- ",
            "9999999999",
            "1e999",
        ]
    ),
    NAMES_OF_ALL.map(lambda name: f"{{{{ {name} }}}}"),
    NAMES_OF_ALL.map(lambda name: f"{{% if {name} %}}a{{% endif %}}"),
)
RUBBISH = st.lists(PARTS, max_size=30).map("".join)
SENSE = st.lists(
    st.sampled_from(
        [
            *(
                "{{ number }}",
                "{{ category or 'x' }}",
                "{{ place|upper }}",
                "{{ 'a' if place else number }}",
                " ",
                "好",
            ),
            *("{% if place and not number %}a{% elif category == 'b' %}{{ place }}{% else %}c{% endif %}", "< 3", "\n"),
        ]
    ),
    max_size=6,
).map("".join)
TITLED = st.one_of(RUBBISH, SENSE).map("Title\nBody {}".format)
SOURCES = st.one_of(RUBBISH, TITLED).map(lambda text: text[:LONGEST_SOURCE])
PLAINLY_TOLD = sorted(name for name, form in VARIABLES.items() if form is Form.PLAIN)
VALUES = st.dictionaries(st.sampled_from(PLAINLY_TOLD), st.one_of(st.none(), st.text(max_size=30)), max_size=6)


@settings(max_examples=400)
@given(SOURCES, st.sampled_from(EVERY), st.sampled_from([PLAIN, *LIMITS]), VALUES)
def test_a_hostile_text_is_refused_or_harmless(source: str, template: str, variant: str, odd: dict[str, Any]) -> None:
    """Whatever it is: judged without an error, and if it is taken, sent without one, within bounds, for all data."""
    texts = drafted(source, template, variant)
    refused = faults(template, texts)
    event("refused" if refused else "taken")
    if refused:
        return
    failed: list[str] = []
    filled = Wording(compiled(template, texts).edited, lambda _, reason: failed.append(reason))
    for name in SAMPLES:
        said = filled.text(template, "en", sample(template, name), NAMES, variant)
        assert said.title
        assert said.body
        told = filled.text(template, "en", {**sample(template, name), **odd}, NAMES, variant)
        longest = max(len(str(each)) for each in (*odd.values(), *FULL.values(), *LABELS, str(said)))
        assert len(str(told)) <= len(source) * (1 + longest)
    assert set(failed) <= {"nothing said"}, "of a variable that holds no more than blanks"


@given(RUBBISH)
def test_a_text_that_only_says_and_asks_is_taken(words: str) -> None:
    """Not everything is refused: what holds no braces, tags or odd characters is always taken, as it stands."""
    plain = "".join(each for each in words if each.isalnum())[:100]
    texts = drafted(f"{{{{ number }}}}\nBody {plain}")
    assert faults("registered", texts) == []
    assert compiled("registered", texts).text("registered", "en", FULL, NAMES).body == f"Body {plain}".strip()
