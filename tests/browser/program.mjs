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

// The library of the Debian package faketime; it moves the clock of one program.
const CLOCK = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

/** What makes a program believe that it is nine o'clock on a day; it goes on from there. */
const onDay = (day) => (day ? { LD_PRELOAD: CLOCK, FAKETIME: `@${day} 09:00:00`, FAKETIME_DONT_FAKE_MONOTONIC: "1" } : {});

/** Serves a folder and answers where; `stop` ends it. With a day, that is the day on which it starts. */
export const serve = async (program, data, { settings = {}, day, port: asked } = {}) => {
  const port = asked ?? (await freePort());
  const base = `http://127.0.0.1:${port}`;
  const env = { ...process.env, ...settings, ...onDay(day) };
  const child = spawn(program, ["serve", "--data", data, "--listen", `127.0.0.1:${port}`], { stdio: "ignore", env });
  const ended = once(child, "exit");
  const stop = async (signal) => {
    child.kill(signal);
    await ended;
  };
  for (let at = 0; at < 300; at += 1) {
    if (child.exitCode !== null) throw new Error(`het programma stopte met ${child.exitCode}`);
    const answer = await fetch(`${base}/gezond`).catch(() => undefined);
    if (answer?.ok) return { base, port, stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error("het programma antwoordt niet");
};
