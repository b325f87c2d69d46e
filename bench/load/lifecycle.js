// Clients that take cases from report to close, each call as the person who may make it.
import exec from "k6/execution";
import http from "k6/http";
import { sleep } from "k6";
import { Counter, Trend } from "k6/metrics";

const URL = __ENV.URL;
const CREWS = JSON.parse(open(__ENV.CREWS));
const PHOTO = open(__ENV.PHOTO, "b");
const CALLS = ["report", "register", "dispatch", "accept", "arrive", "photo", "feedback", "inspect-pass"];

const took = Object.fromEntries(CALLS.map((call) => [call, new Trend(`call_${call.replace("-", "_")}`, true)]));
const every = new Trend("every_call", true);
const refused = new Counter("refused");
const finished = new Counter("finished");
// Those that finished between the start of all clients and the end of the last first call: a steady rate.
const inWindow = new Counter("finished_in_window");

const STAGGER = 3;
const SECONDS = Number(__ENV.SECONDS);

const AS_FAST_AS_THEY_CAN = {
  executor: "constant-vus",
  vus: Number(__ENV.CLIENTS),
  duration: `${SECONDS + STAGGER}s`,
  gracefulStop: "120s",
};
const STEADY = {
  executor: "constant-arrival-rate",
  rate: Number(__ENV.A_MINUTE || 0),
  timeUnit: "1m",
  duration: `${SECONDS}s`,
  preAllocatedVUs: Number(__ENV.CLIENTS),
  gracefulStop: "120s",
};

export const options = {
  scenarios: { clients: __ENV.A_MINUTE ? STEADY : AS_FAST_AS_THEY_CAN },
  summaryTrendStats: ["avg", "med", "p(95)", "p(99)", "max", "count"],
};

function post(call, path, token, body, type) {
  const answer = http.post(`${URL}${path}`, body, {
    headers: { Authorization: `Bearer ${token}`, "Content-Type": type || "application/json" },
    timeout: "60s",
    tags: { name: call },
  });
  took[call].add(answer.timings.duration);
  every.add(answer.timings.duration);
  if (answer.status < 200 || answer.status > 299) {
    refused.add(1);
    console.error(`${call}: ${answer.status} ${answer.body || answer.error}`);
    throw new Error(call);
  }
  return answer.json();
}

export default function () {
  const crew = CREWS[(exec.vu.idInTest - 1) % CREWS.length];
  if (!__ENV.A_MINUTE && exec.vu.iterationInScenario === 0) sleep(Math.random() * STAGGER);
  const act = (call, token, body) => post(call, `/v1/cases/${id}/${call}`, token, JSON.stringify(body || {}));

  const reported = post(
    "report",
    "/v1/cases",
    crew.resident,
    JSON.stringify({ text: "垃圾堆在楼下好几天了，天热有味道。", location: crew.location, compound_id: crew.compound_id }),
  );
  const id = reported.case_id;
  act("register", crew.dispatcher, { category: "0301" });
  act("dispatch", crew.dispatcher, { assignees: [crew.worker_id] });
  act("accept", crew.worker);
  act("arrive", crew.worker, { location: crew.location });
  const photo = post("photo", "/v1/photos", crew.worker, PHOTO, "image/jpeg").photo_id;
  act("feedback", crew.worker, { text: "已清运。", photos: [photo] });
  act("inspect-pass", crew.inspector, { text: "现场查看，已清理。" });

  finished.add(1);
  const second = (Date.now() - exec.scenario.startTime) / 1000;
  if (second >= STAGGER && second < STAGGER + SECONDS) inWindow.add(1);
}

export function handleSummary(data) {
  return { [__ENV.SUMMARY]: JSON.stringify(data.metrics) };
}
