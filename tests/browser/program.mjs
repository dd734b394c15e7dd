// Starts the program for one script, on data of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

const freePort = async () => {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
};

/** Serves a folder and answers where; `stop` ends it. */
export const serve = async (program, data) => {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const child = spawn(program, ["serve", "--data", data, "--listen", `127.0.0.1:${port}`], { stdio: "ignore" });
  const ended = once(child, "exit");
  const stop = async () => {
    child.kill();
    await ended;
  };
  for (let at = 0; at < 300; at += 1) {
    if (child.exitCode !== null) throw new Error(`het programma stopte met ${child.exitCode}`);
    const answer = await fetch(`${base}/gezond`).catch(() => undefined);
    if (answer?.ok) return { base, stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error("het programma antwoordt niet");
};
