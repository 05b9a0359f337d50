// Whom this page trusts (C2SP tlog-policy): the log's keys, witnesses, how many must agree.

import { Malformed, Unproved } from "./bytes.js";
import { ED25519, parseCheckpoint, parseVkey, verifyLines } from "./note.js";

const NO_QUORUM = "none";

// {logs: [key], witnesses: [{name, key}], groups: [{name, threshold, members}], quorum}
export function parsePolicy(text) {
  const policy = { logs: [], witnesses: [], groups: [], quorum: null };
  const known = new Set();
  for (const line of text.split("\n")) {
    const words = line.split(/[ \t]+/).filter(Boolean);
    if (words.length && !words[0].startsWith("#")) take(policy, known, words);
  }
  if (policy.quorum === null) throw new Malformed("policy", "a quorum");
  checkOnce([...policy.logs, ...policy.witnesses.map((each) => each.key)].map((key) => key.public.join()));
  checkOnce(policy.groups.flatMap((group) => group.members));
  return policy;
}

function take(policy, known, [kind, ...words]) {
  if (kind === "log" && (words.length === 1 || words.length === 2)) {
    policy.logs.push(parseVkey(words[0]));
  } else if (kind === "witness" && (words.length === 2 || words.length === 3)) {
    const key = parseVkey(words[1]);
    if (key.type === ED25519) throw new Malformed("policy", "a cosigning key");
    policy.witnesses.push({ name: define(known, words[0]), key });
  } else if (kind === "group" && words.length > 2) {
    const [name, said, ...members] = words;
    checkKnown(known, members);
    const threshold = thresholdOf(said, members.length);
    policy.groups.push({ name: define(known, name), threshold, members });
  } else if (kind === "quorum" && words.length === 1 && policy.quorum === null) {
    if (words[0] !== NO_QUORUM) checkKnown(known, words);
    policy.quorum = words[0];
  } else {
    throw new Malformed("policy", "a line");
  }
}

function thresholdOf(said, count) {
  const threshold = said === "all" ? count : said === "any" ? 1 : Number(said);
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > count) {
    throw new Malformed("policy", "a threshold");
  }
  return threshold;
}

function define(known, name) {
  if (known.has(name) || name === NO_QUORUM) throw new Malformed("policy", "a new name");
  known.add(name);
  return name;
}

function checkKnown(known, names) {
  if (!names.every((name) => known.has(name))) throw new Malformed("policy", "a known name");
}

function checkOnce(values) {
  if (new Set(values).size < values.length) throw new Malformed("policy", "each once");
}

function isQuorum(policy, cosigned) {
  const agreed = new Set([NO_QUORUM, ...cosigned]);
  for (const group of policy.groups) {
    const count = group.members.filter((member) => agreed.has(member)).length;
    if (count >= group.threshold) agreed.add(group.name);
  }
  return agreed.has(policy.quorum);
}

// {checkpoint, logKeys, witnesses: [{name, time}]}: what a note is worth under a policy.
export async function verifyNote(policy, note) {
  const checkpoint = parseCheckpoint(note.text);
  const logKeys = [];
  for (const key of policy.logs) {
    if ((await verifyLines(note, key)).length && key.name === checkpoint.origin) logKeys.push(key);
  }
  if (!logKeys.length) throw new Unproved("log signature", checkpoint.origin);
  const witnesses = [];
  for (const { name, key } of policy.witnesses) {
    const times = (await verifyLines(note, key)).filter((time) => time !== null);
    if (times.length) witnesses.push({ name, time: times.reduce((a, b) => (a > b ? a : b)) });
  }
  if (!isQuorum(policy, witnesses.map((each) => each.name))) {
    throw new Unproved("quorum", policy.quorum);
  }
  return { checkpoint, logKeys, witnesses };
}
