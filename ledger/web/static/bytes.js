// Bytes and texts in one spelling each: UTF-8, base64 and hex, nothing lenient.

// What is read is no proof, or in another spelling than its one: `what` says where.
export class Malformed extends Error {
  constructor(what, detail = "") {
    super(`${what}: ${detail}`);
    this.what = what;
  }
}

// A step of a proof does not hold; `step` names it.
export class Unproved extends Error {
  constructor(step, got = "") {
    super(`${step}: ${got}`);
    this.step = step;
    this.got = String(got).slice(0, 200);
  }
}

const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const ENCODER = new TextEncoder();
// With the flag, a pair is one letter and none of these.
const LONE_SURROGATE = /[\uD800-\uDFFF]/u;

export function hasLoneSurrogate(text) {
  return LONE_SURROGATE.test(text);
}

const PLAIN = /^[\x01-\x7f]*$/;

// ASCII without U+0000: nothing in it has to be looked at any closer.
export function isPlain(text) {
  return PLAIN.test(text);
}

export function utf8(text, what = "text") {
  if (!isPlain(text) && hasLoneSurrogate(text)) throw new Malformed(what, "no UTF-8");
  return ENCODER.encode(text);
}

export function textOf(bytes, what = "text") {
  try {
    return DECODER.decode(bytes);
  } catch {
    throw new Malformed(what, "no UTF-8");
  }
}

export function concat(...parts) {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function areEqual(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function hexOf(bytes) {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

function digit(code) {
  return code < 58 ? code - 48 : code - 87;
}

// Lower-case hex of so many bytes.
export function fromHex(text, length, what) {
  if (typeof text !== "string" || text.length !== 2 * length || !/^[0-9a-f]*$/.test(text)) {
    throw new Malformed(what, `${length} bytes in hex`);
  }
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) {
    bytes[at] = (digit(text.charCodeAt(2 * at)) << 4) | digit(text.charCodeAt(2 * at + 1));
  }
  return bytes;
}

// Standard base64 with its padding (RFC 4648, 4), and no bit beside.
export function fromBase64(text, what) {
  if (text.length % 4 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new Malformed(what, "base64");
  }
  const binary = atob(text);
  if (btoa(binary) !== text) throw new Malformed(what, "the one base64");
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

export function hashFromBase64(text, what) {
  const bytes = fromBase64(text, what);
  if (bytes.length !== 32) throw new Malformed(what, "32 bytes");
  return bytes;
}

// A decimal number in its one spelling, as a BigInt below 2^63.
export function decimal(text, what) {
  if (!/^(?:0|[1-9][0-9]{0,18})$/.test(text)) throw new Malformed(what, "a decimal number");
  const number = BigInt(text);
  if (number >= 1n << 63n) throw new Malformed(what, "below 2^63");
  return number;
}

export function uint64(number) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number));
  return bytes;
}
