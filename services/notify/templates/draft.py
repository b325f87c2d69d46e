"""What is refused of a draft before it is kept: a text may say variables and ask for them, and nothing else.

There is no loop, no call and no arithmetic in what is allowed, so that each text ends, and soon, whatever it is given:
bounded in time and in length by its own length (docs/adr/0031-edited-texts-hold-no-programs.md).
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from itertools import chain

from jinja2 import TemplateSyntaxError, nodes

from chassis.unseen import has_unseen
from notify.templates.asked import needed, variables
from notify.templates.fault import Fault
from notify.templates.sample import NAMES, SAMPLES, sample
from notify.wording.wording import (
    BUILT_IN,
    FILTERS,
    LIMITS,
    PLAIN,
    About,
    Place,
    Source,
    Text,
    Wording,
    edited,
    parsed,
)

LONGEST_SOURCE = 4_000
"""Characters of a text as it is written."""

LONGEST_TITLE = 100
"""Characters of a title as it is read, with the sample."""

DEEPEST = 40
"""How deep one thing may stand in another; the built-in texts need 6."""

COMPARISONS = frozenset({"eq", "ne"})
LOOPS = (nodes.For, nodes.Macro, nodes.CallBlock)
ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Compare,
    nodes.Operand,
    nodes.Filter,
)
MARKUP = re.compile(r"<(?![\s\d])|&#?\w+;")
"""The beginning of a tag, or a character reference; a text says what stands there, and people read it as it is."""

PRINTING = re.compile(r"[\n\t]")
PRIVATE = "Co"
"""The category of Unicode of what everybody's screen shows otherwise."""

SIGNS: Mapping[str, str] = {
    "add": "+",
    "sub": "-",
    "neg": "-",
    "pos": "+",
    "mul": "*",
    "div": "/",
    "floordiv": "//",
    "mod": "%",
    "pow": "**",
    "concat": "~",
    "gt": ">",
    "gteq": ">=",
    "lt": "<",
    "lteq": "<=",
    "notin": "not in",
    "test": "is",
    "getitem": "[…]",
    "list": "[…]",
    "tuple": "(…)",
    "dict": "{…}",
    "assign": "set",
    "assignblock": "set",
    "filterblock": "filter",
    "fromimport": "from",
}
"""How what is not allowed is written in a text, where its name in Jinja2's tree is another."""

TOKENS: Mapping[str, str] = {
    "begin of print statement": "{{",
    "end of print statement": "}}",
    "begin of statement block": "{%",
    "end of statement block": "%}",
    "end of comment": "#}",
}
"""What Jinja2 calls the signs of its language when it says what is wrong."""

LONGEST_SAID = 300

Texts = Mapping[str, Mapping[str, str]]


def faults(template: str, texts: Texts) -> list[Fault]:
    """Everything that is wrong with the texts of a template, by language and then by channel or PLAIN."""
    found: list[Fault] = []
    for place, source in _places(template, texts):
        beyond = chain(_unsaid(place, source), _read(place, source, texts[place.language]))
        found += list(_written(place, source)) or list(beyond)
    return found


def compiled(template: str, texts: Texts) -> Wording:
    """The texts in force as a draft without faults would have them."""
    return Wording({place: edited(source) for place, source in _places(template, texts)})


def usable(template: str, texts: Texts, failed: Callable[[Place, str], None]) -> dict[Place, Source]:
    """The texts of a version that was kept, ready to be filled in, without those that could not be kept today.

    `failed` is told of those, with the code of their first fault.
    """
    found = {}
    for place, source in _places(template, texts):
        if fault := next(chain(_written(place, source), _unsaid(place, source)), None):
            failed(place, fault.code)
            continue
        try:
            found[place] = edited(source)
        except Exception as error:  # noqa: BLE001 - one text that nobody foresaw must not keep all others from going out
            failed(place, type(error).__name__)
    return found


def _places(template: str, texts: Texts) -> Iterator[tuple[Place, str]]:
    for language, variants in texts.items():
        for variant, source in variants.items():
            yield Place(template, language, variant), source


def _pointer(place: Place) -> str:
    return f"/texts/{place.language}/{place.variant}"


def _written(place: Place, source: str) -> Iterator[Fault]:
    """What can be seen without filling it in."""
    where = _pointer(place)
    yield from (Fault(where, "template_characters", n) for n, line in enumerate(source.split("\n"), 1) if _unseen(line))
    try:
        tree = parsed(source)
    except TemplateSyntaxError as error:
        yield Fault(where, "template_syntax", error.lineno, {"said": _reason(error.message or "")})
    except RecursionError:
        yield Fault(where, "template_too_deep")
    else:
        yield from _grown(where, tree, variables(place.template))


def _grown(where: str, tree: nodes.Template, known: frozenset[str]) -> Iterator[Fault]:
    """What is wrong with its parts; what stands in a part that is refused is not looked at."""
    waiting: list[tuple[nodes.Node, int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > DEEPEST:
            yield Fault(where, "template_too_deep", node.lineno)
        elif found := _refused(where, node, known):
            yield found
        else:
            waiting += reversed([(each, depth + 1) for each in node.iter_child_nodes()])


def _refused(where: str, node: nodes.Node, known: frozenset[str]) -> Fault | None:
    line = node.lineno
    if isinstance(node, LOOPS):
        return Fault(where, "template_loop", line)
    if (what := _forbidden(node)) is not None:
        return Fault(where, "template_forbidden", line, {"what": what})
    if isinstance(node, nodes.Name) and node.name not in known:
        return Fault(where, "unknown_template_variable", line, {"variable": node.name, "known": sorted(known)})
    if isinstance(node, nodes.Const):
        return _constant(where, node)
    if isinstance(node, nodes.TemplateData) and (markup := MARKUP.search(node.data)):
        return Fault(where, "template_markup", line + node.data.count("\n", 0, markup.start()))
    return None


def _constant(where: str, node: nodes.Const) -> Fault | None:
    value, line = node.value, node.lineno
    # Every variable is a text, so that no number ever equals one; and Python does not write out the longest.
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Fault(where, "template_number", line)
    if isinstance(value, str) and MARKUP.search(value):
        return Fault(where, "template_markup", line)
    # What is written as it is has been looked through already; here it may be written as an escape.
    return Fault(where, "template_characters", line) if isinstance(value, str) and _unseen(value) else None


def _forbidden(node: nodes.Node) -> str | None:
    """What the part is that a text must not have, as it is written; None if it may."""
    if isinstance(node, nodes.Compare):
        others = {each.op for each in node.ops} - COMPARISONS
        return _sign(min(others)) if others else None
    if isinstance(node, nodes.Filter):
        return node.name if node.name not in FILTERS or node.args or node.kwargs else None
    if isinstance(node, ALLOWED):
        return None
    if isinstance(node, nodes.Getattr):
        return f".{node.attr}"
    if isinstance(node, nodes.Call):
        return f"{node.node.name if isinstance(node.node, nodes.Name) else '…'}(…)"
    return _sign(type(node).__name__.lower())


def _reason(said: str) -> str:
    """What Jinja2 says, with braces and tags as they are written."""
    return reduce(lambda text, named: text.replace(*named), TOKENS.items(), said)[:LONGEST_SAID]


def _sign(name: str) -> str:
    return SIGNS.get(name, name)


def _unseen(text: str) -> bool:
    return has_unseen(PRINTING.sub(" ", text)) or any(unicodedata.category(each) == PRIVATE for each in text)


def _unsaid(place: Place, source: str) -> Iterator[Fault]:
    """What it needs and may leave out; the samples do not tell, for a text may ask for just their values."""
    for name in sorted(needed(place.template, place.variant) - _always_said(parsed(source))):
        yield Fault(_pointer(place), "template_variable_missing", None, {"variable": name})


def _always_said(tree: nodes.Template) -> frozenset[str]:
    """The variables that stand outside every condition, as they are or through filters."""
    parts = chain.from_iterable(each.nodes for each in tree.body if isinstance(each, nodes.Output))
    return frozenset(each.name for each in map(_unfiltered, parts) if isinstance(each, nodes.Name))


def _unfiltered(node: nodes.Node | None) -> nodes.Node | None:
    while isinstance(node, nodes.Filter):
        node = node.node
    return node


def _read(place: Place, source: str, variants: Mapping[str, str]) -> Iterator[Fault]:
    """What is seen once it is filled in, each fault once."""
    draft, seen = edited(source), dict[object, Fault]()
    for name in SAMPLES:
        facts = sample(place.template, name)
        said = BUILT_IN.filled(draft, About(facts, NAMES, place.language))
        for found in _filled(place, variants, said):
            seen.setdefault((found.code, found.more.get("channel")), found)
    yield from seen.values()


def _filled(place: Place, variants: Mapping[str, str], said: Text) -> Iterator[Fault]:
    where = _pointer(place)
    title, length = said.title, len(str(said))
    if not title:
        yield Fault(where, "template_title_missing", 1)
    if not said.body:
        yield Fault(where, "template_body_missing")
    if len(title) > LONGEST_TITLE:
        yield Fault(where, "template_title_too_long", 1, {"length": len(title), "most": LONGEST_TITLE})
    for channel, most in LIMITS.items():
        meant = channel == place.variant or (place.variant == PLAIN and channel not in variants)
        if meant and length > most:
            yield Fault(where, "template_too_long", None, {"channel": channel, "length": length, "most": most})
