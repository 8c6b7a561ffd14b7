// Faults that the proxy has to catch: were they to pass, the other answers would prove nothing.
import assert from "node:assert/strict";

import { startProxy, startStub } from "./processes.mjs";

const time = "2026-01-31T09:30:00.000Z";
const id = "0190a0c0-0000-7000-8000-000000000001";
const version = {
  id,
  name: "1.0",
  description: "",
  isLatest: false,
  isDefault: false,
  createdAt: time,
  updatedAt: time,
  publishedAt: null,
  revision: 1,
};
const headers = { ETag: '"1"' };
const right = { status: 200, headers, body: version };

const wrongAnswers = {
  "a member is missing": { ...right, body: { ...version, revision: undefined } },
  "a member is unknown": { ...right, body: { ...version, state: "draft" } },
  "a member has another type": { ...right, body: { ...version, isLatest: "no" } },
  "a time has no milliseconds": {
    ...right,
    body: { ...version, createdAt: "2026-01-31T09:30:00Z" },
  },
  "the status is not described": { ...right, status: 202 },
  "a code is not the status's": {
    status: 404,
    headers: {},
    body: { code: "name_taken", message: "no" },
  },
  "the entity tag is missing": { ...right, headers: {} },
};

const wrongRequests = {
  "a member is unknown": { name: "1", description: "x" },
  "fromVersion is null": { name: "1", fromVersion: null },
  "the name is missing": {},
  "the name is reserved": { name: "latest" },
  "the name has white space around it": { name: " 1" },
};

async function controlAnswers(description, path, options) {
  const stub = { ...right };
  const server = await startStub(stub);
  const proxy = await startProxy(description, server.url);
  const ask = async () => (await fetch(`${proxy}${path}`, options)).status;
  assert.equal(await ask(), 200, "a right answer is refused");
  for (const [what, answer] of Object.entries(wrongAnswers)) {
    Object.assign(stub, answer);
    assert.equal(await ask(), 500, `an answer passed although ${what}`);
  }
  server.close();
}

/** Answers how many faults were caught. */
export async function runControls(description, { organisation, token, proxy }) {
  const options = { headers: { Authorization: `Bearer ${token}` } };
  const versions = `/o/${organisation}/connections/${id}/versions`;
  await controlAnswers(description, `${versions}/1.0`, options);
  for (const [what, body] of Object.entries(wrongRequests)) {
    const answer = await fetch(`${proxy}${versions}`, {
      method: "POST",
      headers: { ...options.headers, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    assert.equal(answer.status, 422, `a request passed although ${what}`);
  }
  const anonymous = await fetch(`${proxy}${versions}`);
  assert.equal(anonymous.status, 401, "a request without a credential passed");
  return Object.keys(wrongAnswers).length + Object.keys(wrongRequests).length + 1;
}
