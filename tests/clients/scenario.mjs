// Every operation of the description, called through a client, and what is to come back.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";

const connections = "/o/{organisation_id}/connections";
const connection = `${connections}/{connection_id}`;
const versions = `${connection}/versions`;
const version = `${versions}/{version}`;

const pet = (name) => ({
  name,
  accept: ["application/json"],
  schema: { contentType: "application/schema+json", content: '{"type":"object"}' },
});
const listPets = {
  name: "listPets",
  type: "http",
  method: "GET",
  path: "/pets/{{ param.id }}",
  parameters: [
    { name: "id", in: "path", required: true, type: "string" },
    { parameter: { name: "limit" } },
  ],
  responses: [{ status: 200, definitions: [{ definition: { name: "Pet" } }] }],
  "x-kept": 1.5,
};
const petBorn = {
  name: "petBorn",
  type: "http",
  method: "POST",
  parameters: [{ name: "session", in: "cookie", required: false, type: "string" }],
  responses: [{ definitions: [] }],
};
const limit = { name: "limit", in: "query", required: false, type: "integer", default: 20 };
const harbour = {
  openapi: "3.1.0",
  info: { title: "Harbour", version: "1" },
  servers: [{ url: "https://harbour.example" }],
  paths: {
    "/ships/{id}": {
      get: {
        responses: {
          200: {
            description: "A ship",
            content: { "application/json": { schema: { type: "object" } } },
          },
        },
      },
    },
  },
};

/** A client that notes what it calls and holds each answer against the expected status. */
class Caller {
  constructor({ proxy, server }, { organisation, token }) {
    this.called = new Set();
    this.path = { organisation_id: organisation };
    this.client = createClient({ baseUrl: proxy });
    // The proxy reads the body of an answer to HEAD, which has none.
    this.headClient = createClient({ baseUrl: server });
    this.credentials = [{ Authorization: `Bearer ${token}` }, { Cookie: `cookie=${token}` }];
  }

  async call(status, method, path, { at = {}, query, body, headers } = {}) {
    this.called.add(`${method} ${path}`);
    const client = method === "HEAD" ? this.headClient : this.client;
    const credential = this.credentials[this.called.size % this.credentials.length];
    const { data, error, response } = await client[method](path, {
      params: { path: { ...this.path, ...at }, query },
      body,
      headers: { ...credential, ...headers },
      parseAs: method === "HEAD" || path === "/metrics" ? "text" : "json",
    });
    const told = `${method} ${path}: ${JSON.stringify(error ?? data)}`;
    assert.equal(response.status, status, told);
    assert.equal(response.headers.get("sl-violations"), null, told);
    return { body: data ?? error, headers: response.headers };
  }
}

async function callConnections(caller) {
  const properties = { baseUrl: "https://pets.example", depth: { n: 1.1 } };
  const created = await caller.call(201, "POST", connections, {
    body: { name: "Pets", properties },
  });
  const at = { connection_id: created.body.id };
  assert.deepEqual(created.body.properties, properties);
  assert.match(created.headers.get("location"), new RegExp(`/connections/${created.body.id}$`));
  const taken = await caller.call(409, "POST", connections, { body: { name: "Pets" } });
  assert.equal(taken.body.code, "name_taken");
  const list = await caller.call(200, "GET", connections, { query: { first: 1 } });
  assert.equal(list.body.totalCount, 1);
  assert.equal(list.body.items[0].id, at.connection_id);
  await caller.call(200, "HEAD", connections);
  assert.equal((await caller.call(200, "GET", connection, { at })).body.name, "Pets");
  await caller.call(200, "HEAD", connection, { at });
  const renamed = await caller.call(200, "PUT", connection, {
    at,
    body: { ...created.body, name: "Petshop" },
  });
  assert.deepEqual([renamed.body.name, renamed.body.properties], ["Petshop", properties]);
  const unknown = { connection_id: "0190a0c0-0000-7000-8000-0000000000ff" };
  const missing = await caller.call(404, "GET", connection, { at: unknown });
  assert.equal(missing.body.code, "connection_not_found");
  return at;
}

async function callVersions(caller, at) {
  const one = { ...at, version: "1.0/a b" };
  const created = await caller.call(201, "POST", versions, { at, body: { name: one.version } });
  assert.equal(created.body.publishedAt, null);
  assert.equal(created.headers.get("etag"), '"1"');
  const unknown = await caller.call(400, "POST", versions, {
    at,
    body: { name: "2", fromVersion: "none" },
  });
  assert.equal(unknown.body.code, "from_version_not_found");
  assert.equal(unknown.body.fields[0].field, "fromVersion");
  assert.equal((await caller.call(200, "GET", versions, { at })).body.totalCount, 1);
  await caller.call(200, "HEAD", versions, { at });
  assert.equal((await caller.call(200, "GET", version, { at: one })).body.name, one.version);
  await caller.call(200, "HEAD", version, { at: one });
  await caller.call(304, "GET", version, { at: one, headers: { "If-None-Match": '"1"' } });
  const stale = await caller.call(412, "PUT", version, {
    at: one,
    body: { description: "x" },
    headers: { "If-Match": '"99"' },
  });
  assert.equal(stale.body.code, "revision_mismatch");
  const described = await caller.call(200, "PUT", version, {
    at: one,
    body: { ...created.body, description: "The first" },
  });
  assert.equal(described.body.description, "The first");
  const imported = await caller.call(201, "POST", `${versions}:import`, {
    at,
    body: { name: "imported", document: harbour },
  });
  assert.deepEqual([imported.body.actions, imported.body.definitions], [1, 1]);
  assert.equal(imported.body.messages.some((each) => each.severity === "warning"), true);
  const ofImport = { ...at, version: "imported" };
  const actions = await caller.call(200, "GET", `${version}/actions`, { at: ofImport });
  assert.equal(actions.body.actions.length, 1);
  await caller.call(200, "GET", `${version}/definitions`, { at: ofImport });
  await caller.call(204, "DELETE", version, { at: ofImport });
  return one;
}

/** The operations on one kind of resource, which end with one of it stored. */
async function callResources(caller, one, plural, document, change) {
  const all = `${version}/${plural}`;
  const single = `${all}/{name}`;
  const at = { ...one, name: document.name };
  const created = await caller.call(201, "POST", all, { at: one, body: document });
  assert.deepEqual({ ...created.body, ...document }, created.body);
  assert.deepEqual(created.body.errors, []);
  assert.equal((await caller.call(409, "POST", all, { at: one, body: document })).body.code,
    "name_taken");
  await caller.call(200, "HEAD", all, { at: one });
  const query = { name: document.name.toUpperCase(), first: 5 };
  assert.equal((await caller.call(200, "GET", all, { at: one, query })).body.totalCount, 1);
  assert.deepEqual((await caller.call(200, "GET", single, { at })).body.id, created.body.id);
  await caller.call(200, "HEAD", single, { at });
  const changed = await caller.call(200, "PUT", single, {
    at,
    body: { ...created.body, ...change },
  });
  assert.deepEqual({ ...changed.body, ...change }, changed.body);
  await caller.call(204, "DELETE", single, { at });
  await caller.call(404, "GET", single, { at });
  await caller.call(201, "POST", all, { at: one, body: document });
}

async function callDefinitions(caller, one) {
  const all = `${version}/definitions`;
  const single = `${all}/{name}`;
  const at = { ...one, name: "Pet" };
  const body = { definitions: [pet("Pet"), pet("Toy"), pet("Food")] };
  const created = await caller.call(201, "POST", all, { at: one, body });
  assert.deepEqual(created.body.definitions.map((each) => each.name), ["Pet", "Toy", "Food"]);
  const list = await caller.call(200, "GET", all, { at: one, query: { first: 2 } });
  assert.deepEqual([list.body.definitions.length, list.body.totalCount], [2, 3]);
  const query = { first: 2, after: list.body.next };
  const rest = await caller.call(200, "GET", all, { at: one, query });
  assert.equal(rest.body.definitions[0].name, "Toy");
  await caller.call(200, "HEAD", all, { at: one });
  await caller.call(204, "DELETE", all, { at: one, body: { names: ["Food"] } });
  assert.deepEqual((await caller.call(200, "GET", single, { at })).body.referencedBy, []);
  await caller.call(200, "HEAD", single, { at });
  const changed = await caller.call(200, "PUT", single, {
    at,
    body: { ...pet("Pet"), description: "An animal" },
  });
  assert.equal(changed.body.description, "An animal");
  await caller.call(204, "DELETE", single, { at: { ...one, name: "Toy" } });
}

async function callStates(caller, at, one) {
  const referenced = { ...one, name: "Pet" };
  const kept = await caller.call(412, "DELETE", `${version}/definitions/{name}`, {
    at: referenced,
  });
  assert.equal(kept.body.code, "definition_referenced");
  const published = await caller.call(200, "POST", `${version}/publish`, { at: one });
  assert.equal(published.body.version.isLatest, true);
  const refused = await caller.call(409, "POST", `${version}/actions`, {
    at: one,
    body: { ...listPets, name: "another" },
  });
  assert.equal(refused.body.code, "version_published");
  const clone = await caller.call(201, "POST", versions, {
    at,
    body: { name: "2.0", fromVersion: "latest" },
  });
  assert.equal(clone.body.publishedAt, null);
  const latest = await caller.call(200, "GET", version, { at: { ...at, version: "latest" } });
  assert.equal(latest.body.name, one.version);
  const draft = await caller.call(200, "POST", `${version}/unpublish`, { at: one });
  assert.equal(draft.body.version.publishedAt, null);
  for (const force of ["", "false", "true"])
    await caller.call(force === "true" ? 204 : 412, "DELETE", `${version}/definitions/{name}`, {
      at: referenced,
      query: force ? { force } : {},
    });
  const refusal = await caller.call(409, "POST", `${version}/publish`, { at: one });
  assert.equal(refusal.body.code, "version_invalid");
  assert.equal((await caller.call(409, "DELETE", connection, { at })).body.code,
    "connection_has_versions");
}

async function callOptions(caller, at, one) {
  const name = { ...one, name: "listPets" };
  const allowed = async (path, where) =>
    (await caller.call(204, "OPTIONS", path, { at: where })).headers.get("allow");
  assert.equal(await allowed(connections, {}), "GET, HEAD, POST, OPTIONS");
  assert.equal(await allowed(connection, at), "GET, HEAD, PUT, DELETE, OPTIONS");
  assert.equal(await allowed(versions, at), "GET, HEAD, POST, OPTIONS");
  assert.equal(await allowed(`${versions}:import`, at), "POST, OPTIONS");
  for (const path of ["", "/actions", "/triggers", "/parameters", "/definitions", "/publish"])
    await caller.call(204, "OPTIONS", version + path, { at: one });
  await caller.call(204, "OPTIONS", `${version}/unpublish`, { at: one });
  await caller.call(204, "OPTIONS", `${version}/actions/{name}`, { at: name });
  const others = { triggers: "petBorn", parameters: "limit", definitions: "Pet" };
  for (const [plural, each] of Object.entries(others))
    await caller.call(204, "OPTIONS", `${version}/${plural}/{name}`, {
      at: { ...one, name: each },
    });
}

async function callHistory(caller, at, one) {
  const side = { ...at, version: "side" };
  const from = one.version;
  const single = `${version}/actions/{name}`;
  const summarise = async (where, summary) =>
    caller.call(200, "PUT", single, {
      at: { ...where, name: "listPets" },
      body: { ...listPets, summary },
    });
  await caller.call(201, "POST", versions, { at, body: { name: "side", fromVersion: from } });
  await summarise(side, "Theirs");

  const log = await caller.call(200, "GET", `${version}/commits`, {
    at: side,
    query: { first: 2 },
  });
  assert.deepEqual([log.body.commits.length, log.body.commits[0].changed], [2, 1]);
  await caller.call(200, "HEAD", `${version}/commits`, { at: side });
  const then = await caller.call(200, "GET", `${version}/actions`, {
    at: side,
    query: { commit: log.body.commits[1].number },
  });
  assert.notEqual(then.body.actions[0].summary, "Theirs");
  const query = { from: "side" };
  const changes = await caller.call(200, "GET", `${version}/changes`, { at: one, query });
  assert.equal(changes.body.changes[0].before.summary, "Theirs");
  const patched = await caller.call(200, "GET", `${version}/changes`, {
    at: one,
    query: { ...query, patch: "true" },
  });
  assert.equal(patched.body.changes[0].patch[0].path, "/summary");
  await caller.call(200, "HEAD", `${version}/changes`, { at: one, query });
  const lineage = await caller.call(200, "GET", `${connection}/lineage`, { at });
  assert.equal(lineage.body.versions.at(-1).fromName, from);
  await caller.call(200, "HEAD", `${connection}/lineage`, { at });

  const merge = (status, body) =>
    caller.call(status, "POST", `${version}/merge`, { at: one, body: { from: "side", ...body } });
  assert.equal((await merge(200, { dryRun: true })).body.outcome, "merged");
  await summarise(one, "Ours");
  const refused = await merge(409, {});
  assert.equal(refused.body.code, "merge_conflict");
  assert.equal(refused.body.conflicts[0].theirs, "Theirs");
  const merged = await merge(200, { policy: "theirs", author: "ann", message: "Theirs it is" });
  assert.equal(merged.body.conflicts[0].taken, "theirs");
  await caller.call(204, "OPTIONS", `${connection}/lineage`, { at });
  for (const path of ["/commits", "/changes", "/merge"])
    await caller.call(204, "OPTIONS", version + path, { at: one });
  await caller.call(204, "DELETE", version, { at: side });
}

async function callServer(caller) {
  assert.deepEqual((await caller.call(200, "GET", "/healthz")).body, { status: "ok" });
  assert.match((await caller.call(200, "GET", "/metrics")).body, /^# HELP /);
  assert.equal((await caller.call(200, "GET", "/openapi.json")).body.openapi, "3.1.0");
  for (const path of ["/healthz", "/metrics", "/openapi.json"])
    await caller.call(200, "HEAD", path);
}

/** Answers what it called, as "GET /path". */
export async function runScenario(urls, credentials) {
  const caller = new Caller(urls, credentials);
  const at = await callConnections(caller);
  const one = await callVersions(caller, at);
  await callDefinitions(caller, one);
  await callResources(caller, one, "parameters", limit, { default: 50 });
  await callResources(caller, one, "actions", listPets, { summary: "All pets" });
  await callResources(caller, one, "triggers", petBorn, { method: "PUT" });
  await callOptions(caller, at, one);
  await callHistory(caller, at, one);
  await callStates(caller, at, one);
  await caller.call(204, "DELETE", connection, { at, query: { force: "true" } });
  await callServer(caller);
  return caller.called;
}
