// The one JSON that is hashed: RFC 8785 over a smaller world (log format, section 2).
//
// No floats, integers below 2^53, names in snake_case, no U+0000, surrogate or noncharacter.
// In that world JSON.stringify of one string or integer writes the bytes of RFC 8785.

import { hasLoneSurrogate, isPlain, Malformed, textOf } from "./bytes.js";

const NAME = /^[a-z][a-z0-9_]*$/;
const FORBIDDEN = /[\0\uFDD0-\uFDEF]|[\uFFFE\uFFFF]/;
const LAST_TWO = /[\u{1FFFE}\u{1FFFF}\u{2FFFE}\u{2FFFF}\u{3FFFE}\u{3FFFF}\u{4FFFE}\u{4FFFF}\u{5FFFE}\u{5FFFF}\u{6FFFE}\u{6FFFF}\u{7FFFE}\u{7FFFF}\u{8FFFE}\u{8FFFF}\u{9FFFE}\u{9FFFF}\u{AFFFE}\u{AFFFF}\u{BFFFE}\u{BFFFF}\u{CFFFE}\u{CFFFF}\u{DFFFE}\u{DFFFF}\u{EFFFE}\u{EFFFF}\u{FFFFE}\u{FFFFF}\u{10FFFE}\u{10FFFF}]/u;
const DEPTH_MAX = 32;
const BYTES_MAX = 8 * 1024 * 1024;

export function isName(text) {
  return typeof text === "string" && NAME.test(text);
}

// The value of which these bytes are the canonical JSON.
export function decode(bytes, what) {
  if (bytes.length > BYTES_MAX) throw new Malformed(what, "too long");
  const text = textOf(bytes, what);
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Malformed(what, "JSON");
  }
  if (encode(value, what) !== text) throw new Malformed(what, "the one spelling");
  return value;
}

// The canonical JSON of a value, as a text.
export function encode(value, what = "value", depth = 0) {
  switch (typeof value) {
    case "string":
      if (!isPlain(value) && (FORBIDDEN.test(value) || hasLoneSurrogate(value) || LAST_TWO.test(value))) {
        throw new Malformed(what, "a forbidden character");
      }
      return JSON.stringify(value);
    case "number":
      if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
        throw new Malformed(what, "an integer");
      }
      return String(value);
    case "boolean":
      return String(value);
    case "object":
      return value === null ? "null" : inside(value, what, depth);
    default:
      throw new Malformed(what, typeof value);
  }
}

function inside(value, what, depth) {
  if (depth >= DEPTH_MAX) throw new Malformed(what, "nesting");
  if (Array.isArray(value)) {
    return `[${value.map((item) => encode(item, what, depth + 1)).join(",")}]`;
  }
  const names = Object.keys(value).sort();
  if (!names.every(isName)) throw new Malformed(what, "a name");
  const members = names.map((name) => `"${name}":${encode(value[name], what, depth + 1)}`);
  return `{${members.join(",")}}`;
}

// A canonical object that has exactly these members, none of them inherited.
export function decodeObject(bytes, names, what) {
  const value = decode(bytes, what);
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject || Object.keys(value).sort().join() !== [...names].sort().join()) {
    throw new Malformed(what, `exactly ${names}`);
  }
  return value;
}
