"""The one table of refusals, code by code; a code that is not here is a fault of ours and answers 500."""

from collections.abc import Mapping

from gateway.problems.case_policies import CASE_POLICIES
from gateway.problems.cases import CASES
from gateway.problems.charts import CHARTS
from gateway.problems.dual_service import DUAL_SERVICE
from gateway.problems.members import MEMBERS
from gateway.problems.notify import NOTIFY
from gateway.problems.problem import RETRY_AFTER, Problem, Text, advised, phrase
from gateway.problems.protocol import BY_STATUS, PROTOCOL
from gateway.problems.shared import SHARED

__all__ = ["BY_STATUS", "PROBLEMS", "RETRY_AFTER", "Problem", "Text", "advised", "phrase"]

PROBLEMS: Mapping[str, Problem] = {
    **PROTOCOL,
    **SHARED,
    **CHARTS,
    **CASES,
    **CASE_POLICIES,
    **MEMBERS,
    **DUAL_SERVICE,
    **NOTIFY,
}
