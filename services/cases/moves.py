"""Every legal move of a case, one row each; what is not in the table is refused."""

from cases import closing, dispatching, handling, intake, postponing, reminding, saying, source
from cases.act import Act
from cases.case import OPEN, Status
from cases.move import Move
from cases.timer import Timer

EVERY_TIMER = tuple(Timer)


def _from(*statuses: Status) -> frozenset[Status]:
    return frozenset(statuses)


_NEW = _from(Status.REPORTED, Status.VERIFYING)
_NOT_TAKEN = _NEW | _from(Status.REGISTERED, Status.DISPATCHED)
_WORKING = _from(Status.ACCEPTED, Status.IN_PROGRESS)
_GIVING = (dispatching.somebody_named, dispatching.lead_in_team, dispatching.assignees_suit)
_OFFERING = (*_GIVING, dispatching.offered_to_members, dispatching.office_after_returns)
_CLAIMING = (dispatching.place_left, dispatching.claimant_suits)
_CORRECTING = (intake.same_district, intake.something_corrected, intake.assignees_still_suit)

MOVES: tuple[Move, ...] = (
    Move(
        Act.REPORT,
        _from(),
        Status.REPORTED,
        "case.reported",
        intake.report,
        guards=(saying.text_or_photo_given, source.source_open_to_caller, intake.files_for_others_as_a_worker),
        starts=(Timer.REGISTER,),
    ),
    Move(
        Act.ASK_VERIFY,
        _from(Status.REPORTED),
        Status.VERIFYING,
        "case.verification_asked",
        intake.ask_verify,
        guards=(intake.no_emergency,),
        starts=(Timer.VERIFY,),
    ),
    Move(Act.VERIFY, _from(Status.VERIFYING), None, "case.verified", intake.verify, stops=(Timer.VERIFY,)),
    Move(
        Act.REGISTER,
        _NEW,
        Status.REGISTERED,
        "case.registered",
        intake.register,
        guards=(intake.category_named,),
        starts=(Timer.DISPATCH,),
        stops=(Timer.REGISTER, Timer.VERIFY),
    ),
    Move(
        Act.REJECT,
        _NEW,
        Status.REJECTED,
        "case.rejected",
        intake.reject,
        guards=(saying.text_given,),
        stops=EVERY_TIMER,
    ),
    Move(
        Act.MERGE,
        _NOT_TAKEN,
        Status.MERGED,
        "case.merged",
        intake.merge,
        guards=(intake.target_open, intake.target_alike),
        stops=EVERY_TIMER,
    ),
    Move(Act.JOIN, OPEN, None, "case.joined", intake.join),
    Move(
        Act.ANSWER_DIRECTLY,
        _from(Status.REGISTERED),
        Status.CLOSED,
        "case.answered_directly",
        intake.answer_directly,
        guards=(intake.consultation_only, saying.text_given),
        stops=EVERY_TIMER,
    ),
    Move(
        Act.DISPATCH,
        _from(Status.REGISTERED),
        Status.DISPATCHED,
        "case.dispatched",
        dispatching.dispatch,
        guards=_OFFERING,
        starts=(Timer.ACCEPT,),
        stops=(Timer.DISPATCH,),
    ),
    Move(
        Act.DISPATCH,
        _from(Status.REOPENED),
        Status.DISPATCHED,
        "case.dispatched",
        dispatching.dispatch,
        guards=(*_OFFERING, dispatching.reason_for_same_assignee),
        starts=(Timer.ACCEPT,),
        stops=(Timer.DISPATCH,),
    ),
    Move(
        Act.ACCEPT,
        _from(Status.DISPATCHED),
        Status.ACCEPTED,
        "case.accepted",
        dispatching.accept,
        guards=_CLAIMING,
        stops=(Timer.ACCEPT,),
    ),
    Move(Act.ACCEPT, _WORKING, None, "case.accepted", dispatching.accept, guards=_CLAIMING),
    Move(
        Act.RETURN,
        _from(Status.DISPATCHED),
        Status.REGISTERED,
        "case.returned",
        dispatching.hand_back,
        guards=(dispatching.returns_left,),
        starts=(Timer.DISPATCH,),
        stops=(Timer.ACCEPT,),
    ),
    Move(
        Act.REASSIGN,
        _from(Status.DISPATCHED) | _WORKING,
        Status.DISPATCHED,
        "case.reassigned",
        dispatching.reassign,
        guards=(*_GIVING, dispatching.somebody_new),
        starts=(Timer.ACCEPT,),
    ),
    Move(
        Act.TIME_OUT,
        _from(Status.DISPATCHED),
        None,
        "case.timed_out",
        dispatching.time_out,
        guards=(dispatching.time_is_up, dispatching.lead_in_team, dispatching.assignees_suit),
        starts=(Timer.ACCEPT,),
        stops=(Timer.ACCEPT,),
    ),
    Move(Act.CORRECT, OPEN - _NEW, None, "case.corrected", intake.correct, guards=_CORRECTING),
    Move(Act.NOTE, OPEN, None, "case.noted", saying.note, guards=(saying.text_or_photo_given,)),
    Move(Act.ASK, OPEN, None, "case.asked", saying.ask, guards=(saying.text_given, saying.reporter_can_be_asked)),
    Move(
        Act.ANSWER,
        OPEN,
        None,
        "case.answered",
        saying.answer,
        guards=(saying.question_waits, saying.text_or_photo_given),
    ),
    Move(
        Act.ARRIVE,
        _from(Status.ACCEPTED),
        Status.IN_PROGRESS,
        "case.arrived",
        handling.arrive,
        guards=(handling.has_accepted,),
    ),
    Move(
        Act.ARRIVE,
        _from(Status.IN_PROGRESS),
        None,
        "case.arrived",
        handling.arrive,
        guards=(handling.has_accepted, handling.not_there_yet),
    ),
    Move(
        Act.START,
        _from(Status.ACCEPTED),
        Status.IN_PROGRESS,
        "case.started",
        handling.start,
        guards=(handling.has_accepted,),
    ),
    Move(
        Act.LEAVE,
        _from(Status.IN_PROGRESS),
        None,
        "case.left",
        handling.leave,
        guards=(handling.has_accepted, handling.is_there),
    ),
    Move(
        Act.SUSPEND,
        _from(Status.IN_PROGRESS),
        Status.SUSPENDED,
        "case.suspended",
        postponing.suspend,
        guards=(postponing.decided_by_another, postponing.review_ahead),
    ),
    Move(Act.RESUME, _from(Status.SUSPENDED), Status.IN_PROGRESS, "case.resumed", postponing.resume),
    Move(
        Act.EXTEND,
        OPEN,
        None,
        "case.extended",
        postponing.extend,
        guards=(
            postponing.decided_by_another,
            postponing.due_is_set,
            postponing.not_extended_yet,
            postponing.before_due,
            postponing.within_original_length,
        ),
    ),
    Move(
        Act.ASK_EXTEND,
        OPEN,
        None,
        "case.extension_asked",
        postponing.request,
        guards=(postponing.not_asked_yet, postponing.not_extended_yet, postponing.before_due),
    ),
    Move(Act.ASK_SUSPEND, OPEN, None, "case.suspension_asked", postponing.request, guards=(postponing.not_asked_yet,)),
    Move(
        Act.FEEDBACK,
        _from(Status.IN_PROGRESS),
        Status.RESOLVED,
        "case.resolved",
        handling.feedback,
        guards=(handling.has_accepted, saying.text_given, handling.after_photo_given),
        starts=(Timer.INSPECT,),
    ),
    Move(
        Act.INSPECT_PASS,
        _from(Status.RESOLVED),
        Status.CLOSED,
        "case.closed",
        closing.inspect_pass,
        guards=(closing.inspector_did_not_handle,),
        starts=(Timer.CALLBACK,),
        stops=(Timer.INSPECT,),
    ),
    Move(
        Act.REWORK,
        _from(Status.RESOLVED),
        Status.IN_PROGRESS,
        "case.reworked",
        closing.rework,
        guards=(closing.inspector_did_not_handle,),
        stops=(Timer.INSPECT,),
    ),
    Move(
        Act.RATE,
        _from(Status.CLOSED),
        None,
        "case.rated",
        closing.rate,
        guards=(
            closing.rater_did_not_handle,
            closing.reporter_can_answer,
            closing.within_rating_window,
            closing.not_rated_yet,
            closing.mark_complete,
        ),
        stops=(Timer.CALLBACK,),
    ),
    Move(
        Act.REOPEN,
        _from(Status.CLOSED),
        Status.REOPENED,
        "case.reopened",
        closing.reopen,
        guards=(closing.may_reopen_now,),
        starts=(Timer.DISPATCH,),
        stops=(Timer.CALLBACK,),
    ),
    Move(
        Act.WITHDRAW,
        _NOT_TAKEN,
        Status.WITHDRAWN,
        "case.withdrawn",
        intake.withdraw,
        guards=(intake.nobody_follows,),
        stops=EVERY_TIMER,
    ),
    Move(
        Act.REMIND,
        OPEN | _from(Status.CLOSED),
        None,
        "case.reminded",
        reminding.remind,
        guards=(reminding.rings_now,),
    ),
    Move(
        Act.LAPSE,
        _from(Status.CLOSED),
        None,
        "case.rating_lapsed",
        reminding.lapse,
        guards=(reminding.rings_now,),
        stops=(Timer.CALLBACK,),
    ),
)
"""Every row of docs/domain.md §2.2; who may make a move is in `permission.PERMISSIONS`."""

EVENT_TYPES = frozenset({dispatching.OFFERED, *(move.event for move in MOVES)})
"""Every event that a case can cause; a dispatch with open places tells of itself as an offer."""
