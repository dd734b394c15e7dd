// Reads workbooks that came out: enough to see what stands in a sheet.
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";

/** The entries of a zip by name. */
const entries = (bytes) => {
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  const found = new Map();
  for (let at = bytes.readUInt32LE(end + 16), left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, packed, name, extra, comment, start] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42)];
    const from = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
    const body = bytes.subarray(from, from + packed);
    found.set(bytes.toString("utf8", at + 46, at + 46 + name), method === 0 ? body : inflateRawSync(body));
    at += 46 + name + extra + comment;
  }
  return found;
};

/** The texts of the cells of the first sheet, row by row. */
export const rows = (path) => {
  const parts = entries(readFileSync(path));
  const words = (xml) => [...xml.matchAll(/<t[^>]*>([^<]*)<\/t>/g)].map((text) => text[1]).join("");
  const strings = [...(parts.get("xl/sharedStrings.xml")?.toString() ?? "").matchAll(/<si>(.*?)<\/si>/gs)].map((item) => words(item[1]));
  const sheet = parts.get("xl/worksheets/sheet1.xml").toString();
  const cell = ([, attributes, body]) => {
    const value = /<v>([^<]*)<\/v>/.exec(body)?.[1] ?? words(body);
    return attributes.includes('t="s"') ? strings[Number(value)] : value;
  };
  return [...sheet.matchAll(/<row [^>]*?>(.*?)<\/row>/gs)].map((row) => [...row[1].matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)].map((found) => cell([found[0], found[1], found[2] ?? ""])));
};
