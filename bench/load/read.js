// The same GET, as often as a few clients can.
import http from "k6/http";
import { Counter, Trend } from "k6/metrics";

const TOKENS = JSON.parse(open(__ENV.TOKENS));
const took = new Trend("every_call", true);
const refused = new Counter("refused");
const finished = new Counter("finished");

export const options = {
  scenarios: {
    clients: { executor: "constant-vus", vus: Number(__ENV.CLIENTS), duration: `${__ENV.SECONDS}s`, gracefulStop: "60s" },
  },
  summaryTrendStats: ["avg", "med", "p(95)", "p(99)", "max", "count"],
};

export default function () {
  const token = TOKENS[(__VU - 1) % TOKENS.length];
  const answer = http.get(__ENV.URL, { headers: { Authorization: `Bearer ${token}` }, timeout: "60s" });
  took.add(answer.timings.duration);
  if (answer.status === 200) finished.add(1);
  else {
    refused.add(1);
    console.error(`${answer.status} ${answer.body || answer.error}`);
  }
}

export function handleSummary(data) {
  return { [__ENV.SUMMARY]: JSON.stringify(data.metrics) };
}
