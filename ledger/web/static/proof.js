// The proof of one event (log format, 5.7 and 5.8): its shown facts add up to the entry's
// commitment, the entry's leaf leads to the root, and the root is signed as the policy asks.

import {
  areEqual,
  concat,
  decimal,
  fromBase64,
  fromHex,
  hashFromBase64,
  hexOf,
  Malformed,
  textOf,
  Unproved,
  utf8,
} from "./bytes.js";
import { decodeObject, encode, isName } from "./canonical.js";
import { sha256 } from "./hashing.js";
import { checkKeyName, parseNote } from "./note.js";
import { verifyNote } from "./policy.js";

const TITLE = "c2sp.org/tlog-proof@v1";
const PATH_MAX = 63;
const FACTS_MAX = 65535;
const ENTRY = new RegExp(
  '^\\{"facts":"([0-9a-f]{64})","log":"([^"\\\\]{1,255})","prev":"([0-9a-f]{64})",' +
    '"seq":(0|[1-9][0-9]{0,15}),"time":"([0-9T:.Z-]{27})","v":1\\}$',
);
const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$/;

// The shape of an event is none that was published when this page was made.
export class UnknownShape extends Error {}

export class Trust {
  // `shapes` is {type: {number: [names]}}.
  constructor(policy, shapes) {
    this.policy = policy;
    this.shapes = shapes;
    this.notes = new Map();
  }

  // All proofs of one file rest on one note: its signatures are checked once.
  verify(note) {
    if (!this.notes.has(note.spelled)) {
      this.notes.clear();
      this.notes.set(note.spelled, verifyNote(this.policy, note));
    }
    return this.notes.get(note.spelled);
  }
}

export function isInstant(text) {
  if (!TIME.test(text)) return false;
  const whole = `${text.slice(0, 19)}.000Z`;
  const at = new Date(whole);
  return !Number.isNaN(at.getTime()) && at.toISOString() === whole;
}

// {index, path, note, extra}, of exactly these bytes.
export function parseProof(bytes) {
  const text = textOf(bytes, "tlog-proof");
  const end = text.indexOf("\n\n");
  if (end < 0) throw new Malformed("tlog-proof", "an empty line");
  const [title, ...lines] = text.slice(0, end).split("\n");
  if (title !== TITLE) throw new Malformed("tlog-proof", TITLE);
  if (!lines.length || !lines[0].startsWith("extra ")) throw new Malformed("tlog-proof", "extra");
  const extra = fromBase64(lines.shift().slice("extra ".length), "extra");
  if (!lines.length || !lines[0].startsWith("index ")) throw new Malformed("tlog-proof", "index");
  const index = decimal(lines.shift().slice("index ".length), "index");
  if (lines.length > PATH_MAX) throw new Malformed("tlog-proof", "path");
  const path = lines.map((line) => hashFromBase64(line, "path"));
  return { index, path, extra, note: noteOf(text.slice(end + 2)) };
}

let latest = null;

// All proofs of one file rest on one note: it is read once.
function noteOf(spelled) {
  if (latest?.spelled !== spelled) latest = parseNote(utf8(spelled));
  return latest;
}

export function parseEntry(text) {
  const match = ENTRY.exec(text);
  if (!match || utf8(text).length > 65535) throw new Malformed("entry", "version 1");
  const [, facts, log, prev, seq, time] = match;
  checkKeyName(log, "entry: log");
  if (!isInstant(time) || !Number.isSafeInteger(Number(seq))) throw new Malformed("entry");
  return { facts, log, prev, seq: Number(seq), time, leaf: leafHash(utf8(text)) };
}

export function leafHash(bytes) {
  return sha256(Uint8Array.of(0), bytes);
}

export function nodeHash(left, right) {
  return sha256(Uint8Array.of(1), left, right);
}

// SHA-256(0x02 || salt || JCS([name, value])), as log format, 3.2.
export function factDigest(name, value, salt) {
  return sha256(Uint8Array.of(2), salt, utf8(encode([name, value], name)));
}

export function commitment(digests) {
  const count = Uint8Array.of(digests.length >> 8, digests.length & 255);
  return sha256(Uint8Array.of(3), count, ...digests);
}

// RFC 9162, 2.1.3.2. `index` and `size` are BigInts.
export function climb(leaf, index, size, path) {
  let at = index;
  let last = size - 1n;
  let hash = leaf;
  if (at > last) throw new Unproved("inclusion", "index");
  for (const other of path) {
    if (last === 0n) throw new Unproved("inclusion", "length of the path");
    if (at & 1n || at === last) {
      hash = nodeHash(other, hash);
      while (!(at & 1n) && at !== 0n) {
        at >>= 1n;
        last >>= 1n;
      }
    } else {
      hash = nodeHash(hash, other);
    }
    at >>= 1n;
    last >>= 1n;
  }
  if (last !== 0n) throw new Unproved("inclusion", "length of the path");
  return hash;
}

// {entry, facts: Map of what is shown, salts: theirs in hex, isWhole, under}: everything that a proof proves.
export async function checkProof(bytes, trust) {
  const proof = parseProof(bytes);
  const event = decodeObject(proof.extra, ["entry", "facts"], "extra");
  if (typeof event.entry !== "string") throw new Malformed("extra", "the entry's text");
  const entry = parseEntry(event.entry);
  const { digests, facts, salts } = opened(event.facts);
  const sum = hexOf(commitment(digests));
  if (sum !== entry.facts) throw new Unproved("commitment", sum);
  checkShape(event.facts, facts, trust.shapes);
  const under = await trust.verify(proof.note);
  const { checkpoint } = under;
  if (entry.log !== checkpoint.origin || BigInt(entry.seq) !== proof.index) {
    throw new Unproved("entry", `${entry.log} ${entry.seq}`);
  }
  const root = climb(entry.leaf, proof.index, checkpoint.size, proof.path);
  if (!areEqual(root, checkpoint.root)) throw new Unproved("inclusion", hexOf(root));
  return { entry, facts, salts, isWhole: facts.size === digests.length, under };
}

function opened(disclosure) {
  if (!Array.isArray(disclosure) || disclosure.length > FACTS_MAX) {
    throw new Malformed("disclosure");
  }
  const facts = new Map();
  const salts = new Map();
  let before = "";
  const digests = disclosure.map((item) => {
    if (typeof item === "string") return fromHex(item, 32, "digest");
    if (!Array.isArray(item) || item.length !== 3 || !isName(item[0]) || item[0] <= before) {
      throw new Malformed("disclosure", "each name once, ascending");
    }
    const [name, value, salt] = item;
    before = name;
    facts.set(name, value);
    salts.set(name, salt);
    return factDigest(name, value, fromHex(salt, 16, "salt"));
  });
  return { digests, facts, salts };
}

function checkShape(disclosure, facts, shapes) {
  const type = facts.get("type");
  const number = facts.get("shape");
  if (typeof type !== "string" || !Number.isInteger(number)) throw new Unproved("shape", "withheld");
  const names = Object.hasOwn(shapes, type) ? shapes[type][String(number)] : undefined;
  if (!names) throw new UnknownShape(`${type} ${number}`);
  const fits = disclosure.length === names.length &&
    disclosure.every((item, at) => typeof item === "string" || item[0] === names[at]);
  if (!fits) throw new Unproved("shape", `${type} ${number}`);
}
