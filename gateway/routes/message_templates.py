"""What messages say: templates, their versions, previews of drafts."""

from typing import Any

from flask import Response

from gateway.answers import answer, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, position
from gateway.operations import Operations
from gateway.schemas.message_templates import (
    NewVersion,
    Preview,
    Samples,
    Template,
    TemplateOutlines,
    TemplateVersion,
    TemplateVersions,
)
from gateway.schemas.paging import PageQuery

ONE = "/message-templates/<template>"
DRAFT = {
    "zh-CN": {"plain": "已立案 {{ number }}\n您反映的问题{% if category %}“{{ category }}”{% endif %}已立案。"},
    "en": {
        "plain": "Report {{ number }} is a case\nYour report{% if category %} ({{ category }}){% endif %} is one now."
    },
}

routes = Operations("message-templates", "What messages to people say, in each language and channel.")


@routes.reads("/message-templates", TemplateOutlines)
def message_templates() -> Response:
    """Every template, with the variables that its texts may ask for."""
    return readable(ask().notify.message_templates(caller=identity().caller))


@routes.reads(ONE, Template)
def message_template(template: str) -> Response:
    """The texts in force."""
    return readable(ask().notify.message_template(caller=identity().caller, template=template))


@routes.reads(f"{ONE}/versions", TemplateVersions, query=PageQuery)
def template_versions(query: dict[str, Any], template: str) -> Response:
    """Every version, newest first, with who wrote it, when and why."""
    found = ask().notify.template_versions(
        caller=identity().caller, template=template, after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.asks(f"{ONE}/preview", Samples, takes=Preview(), examples={"texts": DRAFT})
def preview_template(body: dict[str, Any], template: str) -> Response:
    """The messages that a draft would make.

    In each language, in the inbox and through each channel, with two samples of made-up data: one in which everything
    is known, and one with only what always is. Nothing is kept. A draft that could not be saved is refused as it would
    be then.
    """
    return answer(ask().notify.preview_template(caller=identity().caller, template=template, **body))


@routes.does(
    f"{ONE}/versions",
    TemplateVersion,
    status=201,
    located=False,
    takes=NewVersion(),
    examples={"based_on": 0, "reason": "shorter", "texts": DRAFT},
)
def save_template(body: dict[str, Any], template: str) -> Response:
    """Save a new version, which holds from now on.

    A text is a Jinja2 template of variables and conditions alone; its first line is the title. What could break is
    refused here, each fault with its line (`template_refused`), so that nothing breaks when it is sent.
    """
    return answer(ask().notify.save_template(**command(), template=template, **body), 201)
