"""Who is told what when a case moves: one table from event to notices; no names, texts or channels."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from notify.notices.audience import Audience, CaseEvent, To, recipients
from notify.notices.notice import NoticeDraft, notice_id
from notify.notices.reminder import REMINDED, reminding
from notify.notices.rule import Reach, Rule, result
from notify.notices.summons_notice import SUMMONS


def _desk(to: To, template: str) -> Rule:
    return Rule(to, template, reach=Reach.INBOX)


def _office(template: str, when: str | None = None) -> tuple[Rule, Rule]:
    """The governance office, which is the agency's dispatchers, and the district administrators."""
    return Rule(To.AGENCY, template, when=when), Rule(To.OFFICE, template, when=when)


NOTICES: Mapping[str, tuple[Rule, ...]] = {
    "case.reported": (result("reported"),),
    "case.verification_asked": (Rule(To.GRID_WORKERS, "verify_please"),),
    "case.verified": (_desk(To.DISPATCHERS, "verified"),),
    "case.registered": (
        result("registered"),
        result("registered", To.FOLLOWERS),
        *_office("came_again", when="suggestion"),
    ),
    "case.rejected": (result("rejected"), result("rejected_for_follower", To.FOLLOWERS)),
    "case.merged": (
        result("merged"),
        result("merged", To.FOLLOWERS),
        Rule(To.ASSIGNEES, "relieved"),
    ),
    "case.joined": (_desk(To.ASSIGNEES, "task_joined"),),
    "case.answered_directly": (result("answered_directly"), result("closed_for_follower", To.FOLLOWERS)),
    "case.corrected": (
        Rule(To.REPORTER, "corrected"),
        Rule(To.ASSIGNEES, "task_corrected"),
        *_office("came_again", when="suggestion"),
    ),
    "case.dispatched": (
        Rule(To.REPORTER, "dispatched"),
        Rule(To.FOLLOWERS, "dispatched"),
        Rule(To.NEWLY_ASSIGNED, "assigned"),
    ),
    "case.reassigned": (Rule(To.NEWLY_ASSIGNED, "assigned"), Rule(To.RELIEVED, "relieved")),
    "case.returned": (
        Rule(To.DISPATCHERS, "returned"),
        Rule(To.OFFICE, "office_decides", when="office_decides"),
        Rule(To.RELIEVED, "relieved"),
    ),
    "case.timed_out": (
        Rule(To.DISPATCHERS, "timed_out"),
        Rule(To.NEWLY_ASSIGNED, "assigned"),
        Rule(To.RELIEVED, "relieved"),
    ),
    "case.relieved": (
        Rule(To.DISPATCHERS, "assignee_left"),
        Rule(To.OFFICE, "assignee_left", when="unassigned"),
        Rule(To.ASSIGNEES, "team_smaller"),
    ),
    "case.passed_on": (
        Rule(To.DISPATCHERS, "assignee_left"),
        Rule(To.OFFICE, "assignee_left", when="unassigned"),
        Rule(To.NEWLY_ASSIGNED, "assigned"),
    ),
    "case.asked": (Rule(To.REPORTER, "asked"),),
    "case.answered": (_desk(To.DISPATCHERS, "answered"), Rule(To.ASSIGNEES, "answered")),
    "case.suspension_asked": _office("suspension_asked"),
    "case.suspended": (
        Rule(To.REPORTER, "suspended"),
        Rule(To.FOLLOWERS, "suspended"),
        Rule(To.ASSIGNEES, "task_suspended"),
    ),
    "case.resumed": (
        Rule(To.REPORTER, "resumed"),
        Rule(To.FOLLOWERS, "resumed"),
        Rule(To.ASSIGNEES, "task_resumed"),
        Rule(To.DISPATCHERS, "nobody_has_it", when="unassigned"),
    ),
    "case.extension_asked": _office("extension_asked"),
    "case.extended": (
        Rule(To.REPORTER, "extended"),
        Rule(To.FOLLOWERS, "extended"),
        Rule(To.ASSIGNEES, "task_extended"),
    ),
    "case.resolved": (Rule(To.INSPECTORS, "to_inspect"),),
    "case.reworked": (Rule(To.ASSIGNEES, "reworked"), Rule(To.DISPATCHERS, "nobody_has_it", when="unassigned")),
    "case.closed": (
        result("closed"),
        result("closed_for_follower", To.FOLLOWERS),
        _desk(To.ASSIGNEES, "task_closed"),
    ),
    "case.rated": (Rule(To.ASSIGNEES, "rated", reach=Reach.INBOX, when="solved"),),
    "case.reopened": (
        result("reopened"),
        result("reopened", To.FOLLOWERS),
        Rule(To.DISPATCHERS, "reopened_at_desk"),
    ),
    "case.exclusion_proposed": _office("exclusion_proposed"),
    "case.exclusion_approved": (_desk(To.ASSIGNEES, "exclusion_approved"),),
    "case.exclusion_refused": (_desk(To.ASSIGNEES, "exclusion_refused"),),
    "case.withdrawn": (Rule(To.ASSIGNEES, "task_withdrawn"),),
}
"""Every message of docs/domain.md §2.2 that an event of a case can cause."""

ROWS = {**NOTICES, **SUMMONS}

SILENT: Mapping[str, str] = {
    "case.offered": "open offers are listed to whoever is eligible; nobody in particular is addressed",
    "case.accepted": "the reporter has heard who handles the case, and the desk sees it in its queue",
    "case.arrived": "a mark of time, shown in the case",
    "case.started": "a mark of time, shown in the case",
    "case.left": "a mark of time, shown in the case",
    "case.rating_lapsed": "nobody said anything, and there is nothing left to ask",
    "case.mediated": "the parties and the mediator know each other; nobody else is concerned",
    "case.met": "what is said at a mediation is for those who were there",
    "case.settled": "the parties sign it, and the desk hears when the case is to be inspected",
    "case.noted": "read in the case by whoever works on it; a question to the reporter is `asked`",
}
"""Events that cause no notice, each with the reason; together with NOTICES they are all events of a case."""


FILED = "case.reported"
"""Whoever files for somebody has said so in person or on the phone."""

EMERGENCY = "E"
"""The severity whose messages nobody can decline, and which wait for no morning (docs/domain.md §2.2)."""

SESSION = "SESSION"
"""The source of what came up at an intake session; its host has written all of it down, maybe hundreds of lines."""


def rules(event: CaseEvent) -> tuple[Rule, ...]:
    """The rows for this event whose fact holds."""
    if event.type == FILED and event.facts.get("source") == SESSION and event.by_id == event.reporter_id:
        return ()
    found = reminding(event) if event.type == REMINDED else ROWS.get(event.type, ())
    valid = (rule for rule in found if rule.when is None or event.facts.get(rule.when))
    return tuple(row for rule in valid for row in _reaching(rule, event))


def _reaching(rule: Rule, event: CaseEvent) -> Iterator[Rule]:
    """The row, and what makes up for those whom no message reaches."""
    yield _by_hand(rule, event) if _unreachable(rule, event) else rule
    if rule.to is To.FOLLOWERS and event.facts.get("follower_callbacks"):
        yield replace(_by_hand(rule, event), template="tell_followers_by_hand")


def _unreachable(rule: Rule, event: CaseEvent) -> bool:
    """Whether it is for a reporter without an account, who agreed to be told in another way."""
    nameless = event.reporter_id is None and bool(event.facts.get("callback"))
    return nameless and rule.to is To.REPORTER and event.type != FILED


def _by_hand(rule: Rule, event: CaseEvent) -> Rule:
    """Who works on the grid tells the reporter instead (docs/domain.md §7.4, F56); of a sensitive case the desk."""
    to = To.DISPATCHERS if event.facts.get("restricted") else To.GRID_WORKERS
    return replace(rule, to=to, template="tell_by_hand", mandatory=True, passes_on=rule.template)


def addressed(event: CaseEvent) -> frozenset[To]:
    """The kinds of recipients that the rows of this event address: whoever else there is need not be asked for."""
    return frozenset(rule.to for rule in rules(event))


def notices(event: CaseEvent, audience: Audience) -> list[NoticeDraft]:
    """The messages that `event` causes, each recipient and template once."""
    drafts = (
        _draft(event, rule, recipient) for rule in rules(event) for recipient in recipients(rule.to, event, audience)
    )
    return list({draft.id: draft for draft in drafts}.values())


def _draft(event: CaseEvent, rule: Rule, recipient: str) -> NoticeDraft:
    urgent = event.facts.get("severity") == EMERGENCY
    return NoticeDraft(
        id=notice_id(event.id, recipient, rule.template),
        recipient=recipient,
        template=rule.template,
        reach=rule.reach,
        mandatory=rule.mandatory or urgent,
        urgent=urgent,
        event_id=event.id,
        at=event.at,
        case_id=event.case_id,
        number=event.number,
        grid_code=event.grid_code,
        facts={**event.facts, "passes_on": rule.passes_on} if rule.passes_on else event.facts,
    )
