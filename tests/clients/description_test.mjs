// Goal:   docs/openapi.json is what the server does, as programs that others made understand it.
// Method: every operation that it describes is called by openapi-fetch through prism, which lets no
//         request or answer pass that is not as described; controls show that it would not.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { runControls } from "./controls.mjs";
import { startProxy, startServer, stopAll } from "./processes.mjs";
import { runScenario } from "./scenario.mjs";

const organisation = "0190a0c0-0000-7000-8000-000000000001";
const token = "a-token-of-the-test";

function tokensFile() {
  const sha256 = createHash("sha256").update(token).digest("hex");
  const rights = ["read", "write"];
  return JSON.stringify({ tokens: [{ sha256, organisations: [organisation], rights }] });
}

/** "GET /path" of everything that a description describes. */
function operationsOf(description) {
  const methods = ["get", "head", "post", "put", "delete", "options", "patch", "trace"];
  return Object.entries(description.paths).flatMap(([path, item]) =>
    methods.filter((each) => item[each]).map((each) => `${each.toUpperCase()} ${path}`),
  );
}

async function run(verso, descriptionFile, folder) {
  writeFileSync(join(folder, "tokens.json"), tokensFile());
  const description = JSON.parse(readFileSync(descriptionFile, "utf8"));
  const server = await startServer(verso, folder, "tokens.json");
  const served = await (await fetch(`${server}/openapi.json`)).json();
  assert.deepEqual(served, description, "the server gives another description");

  const proxy = await startProxy(descriptionFile, server);
  const called = await runScenario({ proxy, server }, { organisation, token });
  const described = operationsOf(description);
  const missed = described.filter((each) => !called.has(each));
  assert.deepEqual(missed, [], "operations that were not called");
  const controls = await runControls(descriptionFile, { organisation, token, proxy });
  console.log(`${described.length} operations called, ${controls} faults caught`);
}

const [verso, description] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "verso-clients-"));
try {
  await run(verso, description, folder);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  stopAll();
  rmSync(folder, { recursive: true, force: true });
}
