"""What happened to a case that people outside are told, whoever they are: that it was done, never by whom."""

from cases.act import Act

STEPS = frozenset(
    {
        Act.REPORT,
        Act.REGISTER,
        Act.REJECT,
        Act.MERGE,
        Act.ANSWER_DIRECTLY,
        Act.DISPATCH,
        Act.ACCEPT,
        Act.ARRIVE,
        Act.START,
        Act.SUSPEND,
        Act.RESUME,
        Act.FEEDBACK,
        Act.REWORK,
        Act.INSPECT_PASS,
        Act.REOPEN,
    }
)
"""Where the case stands and what becomes of it, not how the work is shared out."""
