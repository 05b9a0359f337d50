// A certificate's face out of its proved facts, and whether it agrees with itself.

import { isInstant } from "./proof.js";

export const TYPE = "certificate.issued";
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const STANDARD = ["by", "previous", "shape", "stream", "type", "version"];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MINUTE = 60000;
const BEIJING = 8 * 60 * MINUTE;

const isText = (value) => typeof value === "string";
const isCount = (value) => Number.isInteger(value);
const isUuid = (value) => isText(value) && UUID.test(value);
const isDay = (value) => isText(value) && /^[0-9]{4}-/.test(value) && isInstant(`${value}T00:00:00.000000Z`);
const isTime = (value) => isText(value) && isInstant(value);
const orNull = (is) => (value) => value === null || is(value);
const listOf = (is) => (value) => Array.isArray(value) && value.every(is);
const among = (names) => (value) => isText(value) && names.includes(value);
const objectOf = (fields) => (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) &&
  Object.keys(value).length === Object.keys(fields).length &&
  Object.keys(fields).every((name) => Object.hasOwn(value, name) && fields[name](value[name]));

// What every fact of shape 1 of `certificate.issued` has to be; `codes` are {kind: [values]}.
function fieldsOf(codes) {
  const line = objectOf({
    record: isUuid,
    entries: listOf(isCount),
    organization: isUuid,
    activity: isUuid,
    activity_name: isText,
    start: isTime,
    end: isTime,
    minutes: isCount,
    content: isText,
    place: orNull(isText),
    channel: among(codes.channel),
    signals: listOf(among(codes.signal)),
  });
  const openLine = objectOf({
    record: isUuid,
    activity_name: isText,
    start: isTime,
    end: isTime,
    minutes: isCount,
    stage: among(codes.record_stage),
  });
  return {
    certificate: isUuid,
    number: isText,
    template: isCount,
    language: among(codes.language),
    mode: among(codes.mode),
    volunteer: isUuid,
    holder_name: isText,
    id_type: among(codes.id_type),
    id_number: isText,
    volunteer_number: orNull(isText),
    issuer_name: isText,
    issuer_credit_code: orNull(isText),
    issuer_telephone: orNull(isText),
    predecessors: listOf(objectOf({ organization: isUuid, name: isText })),
    responsible: isUuid,
    responsible_name: isText,
    handler: isUuid,
    handler_name: isText,
    issued_on: isDay,
    from_day: orNull(isDay),
    to_day: orNull(isDay),
    minutes: isCount,
    hours: isText,
    lines: listOf(line),
    open_lines: listOf(openLine),
    records: listOf(isUuid),
    joined: listOf(isCount),
    publicity_opens_on: isDay,
    publicity_closes_on: isDay,
    rules: isCount,
    verified_size: isCount,
    verified_root: isText,
    on_behalf_of: isUuid,
  };
}

// The face as an object; null if the proved event is no certificate of a shape known here.
// With `isWhole` false, only some of its facts are there.
export function faceOf(facts, codes, { isWhole = true } = {}) {
  if (facts.get("type") !== TYPE || facts.get("shape") !== 1) return null;
  const fields = fieldsOf(codes);
  const face = {};
  for (const [name, value] of facts) {
    if (STANDARD.includes(name)) continue;
    if (!Object.hasOwn(fields, name) || !fields[name](value)) return null;
    face[name] = value;
  }
  return !isWhole || Object.keys(fields).every((name) => Object.hasOwn(face, name)) ? face : null;
}

// The names of what does not agree with each other; `seq` is the place of the entry.
export function contradictions(face, seq) {
  const found = new Set();
  const expect = (holds, name) => holds || found.add(name);
  const named = face.lines.map((line) => line.record);
  expect(face.number === certificateNumber(face.certificate), "number");
  expect(face.verified_size <= seq, "verified_size");
  expect(face.mode !== "sealed" || face.handler !== face.responsible, "handler");
  expect(face.records.join() === named.join() && new Set(named).size === named.length, "records");
  expect(face.minutes === face.lines.reduce((sum, line) => sum + line.minutes, 0), "minutes");
  expect(face.hours === decimalHours(face.minutes), "hours");
  const own = [face.on_behalf_of, ...face.predecessors.map((each) => each.organization)];
  for (const line of face.lines) {
    const day = civilDay(line.start);
    expect(face.from_day === null || day >= face.from_day, "period");
    expect(face.to_day === null || day <= face.to_day, "period");
    expect(own.includes(line.organization), "organization");
    expect(line.entries.length && Math.max(...line.entries) < face.verified_size, "entries");
  }
  return [...found];
}

// Minutes as hours with two places, never more than were served.
export function decimalHours(minutes) {
  const hundredths = Math.floor((Math.max(minutes, 0) * 100) / 60);
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, "0")}`;
}

// Minutes since 1970 of an instant, cut to the minute.
export function minuteOf(instant) {
  return Math.floor(Date.parse(`${instant.slice(0, 19)}Z`) / MINUTE);
}

function inBeijing(instant) {
  return new Date(Date.parse(`${instant.slice(0, 19)}Z`) + BEIJING).toISOString();
}

export function civilDay(instant) {
  return inBeijing(instant).slice(0, 10);
}

export function clockTime(instant) {
  return inBeijing(instant).slice(11, 16);
}

// The number of the certificate with this id: 26 digits of 32, two that check them.
export function certificateNumber(id) {
  const bits = BigInt(`0x${id.replaceAll("-", "")}`);
  return groups(digits(bits, 26) + digits(bits % 1021n, 2));
}

function groups(text) {
  return text.match(/.{4}/g).join("-");
}

function digits(value, count) {
  let text = "";
  let rest = value;
  for (let at = 0; at < count; at += 1) {
    text = ALPHABET[Number(rest % 32n)] + text;
    rest /= 32n;
  }
  return text;
}

// A typed number in its one spelling; null if it cannot be one.
export function readNumber(said) {
  const text = said
    .normalize("NFKC")
    .replace(/[\s\-\u2010-\u2015\u2212]/g, "")
    .toUpperCase()
    .replaceAll("O", "0")
    .replace(/[IL]/g, "1");
  if (text.length !== 28 || ![...text].every((each) => ALPHABET.includes(each))) return null;
  const value = (part) => [...part].reduce((sum, each) => sum * 32n + BigInt(ALPHABET.indexOf(each)), 0n);
  const bits = value(text.slice(0, 26));
  if (bits >> 128n || bits % 1021n !== value(text.slice(26))) return null;
  return groups(text);
}
