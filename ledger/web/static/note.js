// Signed notes, their keys, and what a checkpoint says (C2SP signed-note, tlog-checkpoint,
// tlog-cosignature). Reading says nothing of who signed: that is `policy.js`.

import {
  areEqual,
  concat,
  decimal,
  fromBase64,
  hashFromBase64,
  hexOf,
  Malformed,
  textOf,
  uint64,
  Unproved,
  utf8,
} from "./bytes.js";
import { isEd25519, isMlDsa44, sha256 } from "./hashing.js";

const NOTE_BYTES_MAX = 1 << 20;
const SIGNATURES_MAX = 100;
const LINE_START = "\u2014 ";
const CONTROL = /[\0-\x1f]/;
export const ED25519 = 1;
export const COSIGNATURE = 4;
export const MLDSA44 = 6;
const KEY_BYTES = { [ED25519]: 32, [COSIGNATURE]: 32, [MLDSA44]: 1312 };
const SIGNATURE_BYTES = { [COSIGNATURE]: 64, [MLDSA44]: 2420 };

export function checkKeyName(name, what) {
  if (!name || /[\s+\0-\x1f\x7f-\x9f]/u.test(name)) throw new Malformed(what, "a key name");
}

// {text, lines: [{name, id, blob}], spelled}: the note of exactly these bytes.
export function parseNote(bytes) {
  if (bytes.length > NOTE_BYTES_MAX) throw new Malformed("note", "too long");
  const spelled = textOf(bytes, "note");
  const end = spelled.lastIndexOf("\n\n");
  if (end < 0) throw new Malformed("note", "an empty line");
  const text = spelled.slice(0, end + 1);
  if (CONTROL.test(text.replaceAll("\n", " "))) throw new Malformed("note", "control");
  const signed = spelled.slice(end + 2);
  if (!signed.endsWith("\n")) throw new Malformed("note", "a newline at the end");
  const lines = signed.slice(0, -1).split("\n");
  if (lines.length > SIGNATURES_MAX) throw new Malformed("note", "signatures");
  return { text, spelled, lines: lines.map(parseLine) };
}

function parseLine(line) {
  if (!line.startsWith(LINE_START)) throw new Malformed("signature line");
  const said = line.slice(LINE_START.length);
  const space = said.indexOf(" ");
  const name = said.slice(0, space < 0 ? said.length : space);
  checkKeyName(name, "signature line: name");
  const signed = fromBase64(space < 0 ? "" : said.slice(space + 1), "signature line");
  if (signed.length < 5) throw new Malformed("signature line", "a signature");
  return { name, id: hexOf(signed.subarray(0, 4)), blob: signed.subarray(4) };
}

// {name, type, public, id, label, text}: the verifier key of exactly this text.
export function parseVkey(text) {
  const [name, id] = text.split("+", 2);
  checkKeyName(name, "verifier key: name");
  const typed = fromBase64(text.slice(name.length + (id ?? "").length + 2), "verifier key");
  const type = typed[0];
  if (typed.length !== 1 + (KEY_BYTES[type] ?? -1)) throw new Malformed("verifier key", "type");
  const want = hexOf(sha256(utf8(`${name}\n`), typed).subarray(0, 4));
  if (id !== want) throw new Malformed("verifier key", "key ID");
  return { name, type, public: typed.subarray(1), id, label: `${name}+${id}`, text };
}

// {origin, size, root}: `size` is a BigInt. Extension lines are not allowed.
export function parseCheckpoint(text) {
  const lines = text.split("\n");
  if (lines.length !== 4 || lines[3] || !lines[0]) throw new Malformed("checkpoint", "three lines");
  const [origin, size, root] = lines;
  const parsed = {
    origin,
    size: decimal(size, "checkpoint: size"),
    root: hashFromBase64(root, "checkpoint: root"),
  };
  if (parsed.size === 0n && !areEqual(parsed.root, sha256(new Uint8Array(0)))) {
    throw new Malformed("checkpoint", "root of nothing");
  }
  return parsed;
}

// The times of all lines of a key, null for Ed25519; one that fails spoils the whole note.
export async function verifyLines(note, key) {
  const times = [];
  for (const line of note.lines) {
    if (line.name === key.name && line.id === key.id) times.push(await verifyLine(note, line, key));
  }
  return times;
}

async function verifyLine(note, line, key) {
  if (key.type === ED25519) {
    await expectTrue(isEd25519(key.public, utf8(note.text), line.blob), key);
    return null;
  }
  if (line.blob.length !== 8 + SIGNATURE_BYTES[key.type]) throw new Unproved("cosignature", key.label);
  const time = new DataView(line.blob.buffer, line.blob.byteOffset, 8).getBigUint64(0);
  if (time >= 1n << 63n) throw new Unproved("cosignature", key.label);
  const signature = line.blob.subarray(8);
  if (key.type === COSIGNATURE) {
    const message = utf8(`cosignature/v1\ntime ${time}\n${note.text}`);
    await expectTrue(isEd25519(key.public, message, signature), key);
  } else {
    const message = mlDsaMessage(parseCheckpoint(note.text), key.name, time);
    await expectTrue(isMlDsa44(key.public, message, signature), key);
  }
  return time;
}

async function expectTrue(answer, key) {
  if (!(await answer)) throw new Unproved("signature", key.label);
}

function mlDsaMessage(checkpoint, cosigner, time) {
  return concat(
    utf8("subtree/v1\n\0"),
    counted(cosigner),
    uint64(time),
    counted(checkpoint.origin),
    uint64(0),
    uint64(checkpoint.size),
    checkpoint.root,
  );
}

function counted(text) {
  const bytes = utf8(text);
  if (bytes.length > 255) throw new Malformed("cosignature", "a name");
  return concat(Uint8Array.of(bytes.length), bytes);
}
