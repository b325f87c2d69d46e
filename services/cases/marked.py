"""What cases keeps sealed: the one table of its marked fields (docs/domain.md §5)."""

from chassis.marked import Marked
from chassis.privacy import masked_name, masked_phone
from chassis.secret import unshown

MARKED = (
    Marked("cases", "reporter.contact.name", "whom a worker filed for", masked_name),
    Marked("cases", "reporter.contact.phone", "how to reach them", masked_phone),
    Marked("cases", "mediation.parties.name", "who quarrels", masked_name),
    Marked("cases", "mediation.parties.phone", "how to reach them", masked_phone),
    Marked("cases", "mediation.meetings.record", "what was said at a mediation", unshown),
    Marked("demands", "asker.contact.nickname", "who asked for something without an account", masked_name),
    Marked("demands", "asker.contact.phone", "how to reach them", masked_phone),
    Marked("intake_sessions", "attendees.name", "who came to a session and wants to hear of it", masked_name),
    Marked("intake_sessions", "attendees.phone", "how to reach them", masked_phone),
)
