// A mail server that keeps what it gets: who was written to, and what was said.
import { once } from "node:events";
import { createServer } from "node:net";

/** The text of a mail as a person reads it: encodings undone. */
const readable = (raw) => {
  const [head, ...rest] = raw.split("\r\n\r\n");
  const body = rest.join("\r\n\r\n");
  if (/^Content-Transfer-Encoding: base64/im.test(head)) return Buffer.from(body, "base64").toString("utf8");
  if (!/^Content-Transfer-Encoding: quoted-printable/im.test(head)) return body;
  const bytes = body.replaceAll("=\r\n", "").replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
};

/** Starts the server. `latest(address)` waits for the next mail to somebody that was not read yet. */
export const mailbox = async () => {
  const mails = [];
  const waiting = [];
  const arrive = (mail) => {
    mails.push(mail);
    for (const look of waiting.splice(0)) look();
  };
  const server = createServer((socket) => {
    let to = [];
    let data;
    let buffer = "";
    const say = (line) => socket.write(`${line}\r\n`);
    socket.on("error", () => {});
    say("220 postbus");
    socket.setEncoding("latin1").on("data", (chunk) => {
      buffer += chunk;
      for (let end = buffer.indexOf("\r\n"); end >= 0; end = buffer.indexOf("\r\n")) {
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        if (data) {
          if (line === ".") {
            arrive({ to, text: readable(data.join("\r\n")), isRead: false });
            [data, to] = [undefined, []];
            say("250 bewaard");
          } else {
            data.push(line.replace(/^\.\./, "."));
          }
        } else if (/^EHLO/i.test(line)) {
          say("250 postbus");
        } else if (/^RCPT TO:<(.*)>/i.test(line)) {
          to.push(/<(.*)>/.exec(line)[1]);
          say("250 goed");
        } else if (/^DATA/i.test(line)) {
          data = [];
          say("354 zeg het");
        } else if (/^QUIT/i.test(line)) {
          say("221 dag");
          socket.end();
        } else {
          say("250 goed");
        }
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const latest = async (address) => {
    for (const until = Date.now() + 60_000; Date.now() < until; ) {
      const mail = mails.find((one) => !one.isRead && one.to.includes(address));
      if (mail) {
        mail.isRead = true;
        return mail.text;
      }
      await Promise.race([new Promise((look) => waiting.push(look)), new Promise((resolve) => setTimeout(resolve, 1_000))]);
    }
    throw new Error("er kwam geen mail");
  };
  const settings = {
    KERNSCHIL_MAIL_HOST: "127.0.0.1",
    KERNSCHIL_MAIL_PORT: String(server.address().port),
    KERNSCHIL_MAIL_ENCRYPTION: "geen",
    KERNSCHIL_MAIL_FROM: "Kernschil <kernschil@school.nl>",
  };
  return { settings, latest, all: () => mails, stop: () => server.close() };
};
