// A fixed number of the same small POST, shared by a few clients.
import http from "k6/http";
import { Counter, Trend } from "k6/metrics";

const BODIES = JSON.parse(open(__ENV.BODIES));
const took = new Trend("every_call", true);
const refused = new Counter("refused");

export const options = {
  scenarios: {
    clients: {
      executor: "shared-iterations",
      vus: Number(__ENV.CLIENTS),
      iterations: Number(__ENV.ITERATIONS),
      maxDuration: "10m",
    },
  },
  summaryTrendStats: ["avg", "med", "p(95)", "p(99)", "max", "count"],
};

export default function () {
  const { token, body } = BODIES[(__VU - 1) % BODIES.length];
  const headers = { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  const answer = http.post(__ENV.URL, JSON.stringify(body), { headers, timeout: "60s" });
  took.add(answer.timings.duration);
  if (answer.status < 200 || answer.status > 299) {
    refused.add(1);
    console.error(`${answer.status} ${answer.body || answer.error}`);
  }
}

export function handleSummary(data) {
  return { [__ENV.SUMMARY]: JSON.stringify(data.metrics) };
}
