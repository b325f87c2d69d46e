"""What is said about a case: notes, questions to its reporter and the answers; it moves nothing."""

from dataclasses import replace

from cases.act import EXCLUDING, Act, Attempt, Change
from cases.case import Case, Remark
from cases.permission import LINK
from chassis.errors import Refusal


def text_given(attempt: Attempt) -> None:
    """Refuses `text_missing`."""
    if not attempt.fields.get("text"):
        raise Refusal("text_missing", act=attempt.act.value)


def text_or_photo_given(attempt: Attempt) -> None:
    """Refuses `text_or_photo_missing`."""
    if not attempt.fields.get("text") and not attempt.fields.get("photos"):
        raise Refusal("text_or_photo_missing", act=attempt.act.value)


def reporter_can_be_asked(attempt: Attempt) -> None:
    """Refuses `nobody_to_ask`: an anonymous reporter cannot be called back, and gives no mark (§5)."""
    if not attempt.case.reporter.can_be_asked:
        raise Refusal("nobody_to_ask")


def reporter_can_answer(attempt: Attempt) -> None:
    """Refuses `nobody_to_ask`: an anonymous reporter answers by the link alone, if there is one (§5)."""
    if not attempt.case.reporter.can_answer:
        raise Refusal("nobody_to_ask")


def question_waits(attempt: Attempt) -> None:
    """Refuses `no_question_waiting`."""
    if not attempt.case.questions:
        raise Refusal("no_question_waiting")


def with_remark(attempt: Attempt, case: Case) -> Case:
    """`case` with what the caller said or showed, if anything; an anonymous reporter stays unnamed.

    The grounds of an exclusion, and those to refuse it, are internal; they stay when it is proposed anew (§2.4).
    """
    fields = attempt.fields
    text = fields.get("text") or fields.get("grounds")
    if not text and not fields.get("photos"):
        return case
    remark = Remark(
        event_id=attempt.command.event_id,
        act=attempt.act.value,
        at=attempt.now,
        by=actor_id(attempt),
        role=attempt.role,
        text=text,
        photos=tuple(fields.get("photos") or ()),
        internal=attempt.act in EXCLUDING or bool(fields.get("internal", False)),
        before_photos=tuple(fields.get("before_photos") or ()),
    )
    return replace(case, remarks=(*case.remarks, remark))


def actor_id(attempt: Attempt) -> str | None:
    """Who acts; nobody, where it is somebody who wants to stay unknown."""
    unnamed = attempt.role == LINK or (attempt.act is Act.REPORT and attempt.case.reporter.anonymous)
    return None if unnamed else attempt.caller.id


def note(attempt: Attempt) -> Change:
    """The remark is all."""
    return Change(attempt.case)


def ask(attempt: Attempt) -> Change:
    """The question waits for the reporter."""
    questions = (*attempt.case.questions, attempt.command.event_id)
    return Change(replace(attempt.case, questions=questions))


def answer(attempt: Attempt) -> Change:
    """Whatever was asked is answered."""
    return Change(replace(attempt.case, questions=()), {"questions": list(attempt.case.questions)})
