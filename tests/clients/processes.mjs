// Programs that the test runs next to itself, and what they need.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

const running = [];

/** Starts a program; answers the URL in the first line of its output that `pattern` matches. */
async function start(command, words, options, pattern) {
  const child = spawn(command, words, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  running.push(child);
  let output = "";
  return new Promise((found, failed) => {
    const look = (bytes) => {
      output += bytes;
      const match = output.match(pattern);
      if (match) found(match[1]);
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    child.on("error", failed);
    child.on("exit", (code) => failed(new Error(`${command} ended with ${code}: ${output}`)));
  });
}

/** `verso serve` on an empty store in `folder`. */
export const startServer = (verso, folder, tokens) =>
  start(
    verso,
    ["--durability", "none", "serve", "--listen", "127.0.0.1:0", "--auth", tokens,
      "--access-log", "off"],
    { cwd: folder },
    /listening on (http:\S+)\n/,
  );

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** A proxy that answers 500 where a request or an answer is not as the description says. */
export async function startProxy(description, upstream) {
  const prism = fileURLToPath(
    new URL("node_modules/@stoplight/prism-cli/dist/index.js", import.meta.url),
  );
  const port = await freePort();
  const words = [prism, "proxy", "--errors", "--cors", "false", "--port", String(port)];
  return start(
    process.execPath,
    [...words, description, upstream],
    {},
    /listening on (http:\/\/[^\s\u001b]+)/,
  );
}

/** A server that answers all requests with one answer. */
export async function startStub(answer) {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(answer.status, { "Content-Type": "application/json", ...answer.headers });
    response.end(JSON.stringify(answer.body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** Ends what was started. */
export function stopAll() {
  for (const child of running) child.kill("SIGKILL");
}
