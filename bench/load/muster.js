// Each scan of a list once, shared by many clients: one person checks in at one activity.
import exec from "k6/execution";
import http from "k6/http";
import { SharedArray } from "k6/data";
import { Counter, Trend } from "k6/metrics";

const SCANS = new SharedArray("scans", () => JSON.parse(open(__ENV.SCANS)));
const took = new Trend("every_call", true);
const refused = new Counter("refused");

export const options = {
  scenarios: {
    phones: {
      executor: "shared-iterations",
      vus: Number(__ENV.CLIENTS),
      iterations: Number(__ENV.ITERATIONS),
      maxDuration: "10m",
    },
  },
  summaryTrendStats: ["avg", "med", "p(95)", "p(99)", "max", "count"],
};

export default function () {
  const { token, activity, code, key } = SCANS[exec.scenario.iterationInTest];
  const headers = {
    "Content-Type": "application/json",
    Authorization: `Bearer ${token}`,
    "Idempotency-Key": key,
  };
  const answer = http.post(`${__ENV.URL}/v1/activities/${activity}/check-in`, JSON.stringify({ code }), {
    headers,
    timeout: "60s",
    tags: { name: "check-in" },
  });
  took.add(answer.timings.duration);
  if (answer.status !== 200) {
    refused.add(1);
    console.error(`${answer.status} ${answer.body || answer.error}`);
  }
}

export function handleSummary(data) {
  return { [__ENV.SUMMARY]: JSON.stringify(data.metrics) };
}
