"""What a process counts about itself, in Prometheus' form; labels never hold an id."""

from prometheus_client import Counter, Gauge, Histogram

HANDLED = Counter("sandan_messages_total", "Messages handled, by queue and outcome.", ["queue", "outcome"])
CALLS = Counter("sandan_rpc_requests_total", "Requests answered, by method and outcome.", ["method", "outcome"])
CALL_SECONDS = Histogram("sandan_rpc_seconds", "Time from taking a request to its answer.", ["method"])
ASKED = Counter(
    "sandan_rpc_calls_total", "Calls made to other services, by service and outcome.", ["service", "outcome"]
)
WAITING = Gauge("sandan_rpc_waiting", "Calls to other services that wait for their answer.")
WORKING = Gauge("sandan_threads", "Green threads that the process keeps or that handle something just now.")
BEHIND = Gauge("sandan_queues_behind", "Queues that were lost and whose missed events are not yet handled.")
RELAYED = Counter("sandan_relay_entries_total", "History entries given to the broker, by outcome.", ["outcome"])
UNRELAYED = Gauge("sandan_relay_backlog", "Documents with entries that wait for the relay, at the last sweep.")
UNROUTABLE = Gauge(
    "sandan_relay_unroutable",
    "Documents whose next event no queue takes, at the last sweep that the broker answered: an alarm when not 0.",
    ["collection"],
)
DEAD = Counter("sandan_dead_letters_total", "Letters parked, by origin queue.", ["queue"])
