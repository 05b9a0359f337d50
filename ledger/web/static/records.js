// A printed line against the proved history of its record: it follows from it, or not.
//
// Proofs of records show their plain facts alone. So times, minutes, who recorded it and how,
// and that it counts, are proved here; what was served, in words, is not.

import { hexOf, Malformed } from "./bytes.js";
import { minuteOf } from "./face.js";
import { checkProof } from "./proof.js";

const PROOFS_MAX = 20000;
const NOTHING_BEFORE = "0".repeat(64);
const END_BYTES = 4; // "\n%%\n"
const [NEWLINE, PERCENT] = [10, 37];

// The proofs of a bundle, each as the bytes of a `.tlog-proof` file.
export function unbundled(bytes) {
  const proofs = [];
  let start = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) {
    if (bytes[at + 1] === PERCENT && bytes[at + 2] === PERCENT && bytes[at + 3] === NEWLINE) {
      proofs.push(bytes.subarray(start, at + 1));
      start = at + END_BYTES;
    }
  }
  if (start !== bytes.length || proofs.length > PROOFS_MAX) throw new Malformed("bundle");
  return proofs;
}

// Checked proofs by their place in the log; `pause` lets the page breathe.
export async function checkedProofs(bundle, trust, log, pause) {
  const found = new Map();
  let count = 0;
  for (const bytes of unbundled(bundle)) {
    const checked = await checkProof(bytes, trust);
    if (checked.entry.log === log) found.set(checked.entry.seq, checked);
    count += 1;
    if (count % 50 === 0) await pause(count);
  }
  return found;
}

// The registrations that are proved to be the holder's.
export function ownersOf(face, proofs) {
  const owners = new Set([face.volunteer]);
  for (const seq of face.joined) {
    const facts = proofs.get(seq)?.facts;
    if (facts?.get("volunteer") !== face.volunteer || !Array.isArray(facts.get("owners"))) continue;
    if (facts.get("type") === "account.absorbed") facts.get("owners").forEach((each) => owners.add(each));
    if (facts.get("type") === "account.separated") facts.get("owners").forEach((each) => owners.delete(each));
  }
  return owners;
}

// Whether a line is what its record's entries, from the first on, have come to.
export function lineFollows(line, proofs, owners) {
  let previous = NOTHING_BEFORE;
  let record = null;
  for (const [at, seq] of line.entries.entries()) {
    const checked = proofs.get(seq);
    if (!checked) return false;
    const { facts } = checked;
    const isNext = facts.get("stream") === line.record && facts.get("version") === at + 1 &&
      facts.get("previous") === previous && facts.get("shape") === 1;
    record = isNext ? evolved(record, facts) : null;
    if (record === null) return false;
    previous = hexOf(checked.entry.leaf);
  }
  return record !== null && record.stage === "confirmed" && owners.has(record.volunteer) &&
    isSaid(line, record);
}

function isSaid(line, record) {
  const minutes = minuteOf(record.end) - minuteOf(record.start) - record.break_minutes;
  return record.organization === line.organization && record.activity === line.activity &&
    record.start === line.start && record.end === line.end && line.minutes === minutes &&
    record.channel === line.channel && record.signals.join() === line.signals.join();
}

const serviceOf = (facts) => ({
  start: facts.get("start"),
  end: facts.get("end"),
  break_minutes: facts.get("break_minutes"),
});
const entered = (facts) => ({
  ...serviceOf(facts),
  channel: facts.get("channel"),
  signals: facts.get("signals"),
  stage: "submitted",
});

const WHAT_FOLLOWS = {
  "record.resubmitted": (record, facts) => ({ ...record, ...entered(facts) }),
  "record.publicized": (record) => ({ ...record, stage: "publicized" }),
  "record.returned": (record) => ({ ...record, stage: "returned" }),
  "record.confirmed": (record, facts) => ({ ...record, stage: facts.get("awaits").length ? "held" : "confirmed" }),
  "record.approved": (record) => ({ ...record, stage: "confirmed" }),
  "objection.raised": (record) => record,
  "objection.decided": (record, facts) => (facts.get("upheld") ? { ...record, stage: "returned" } : record),
  "amendment.proposed": (record, facts) => ({ ...record, proposed: serviceOf(facts) }),
  "voiding.proposed": (record) => ({ ...record, proposed: null }),
  "amendment.replied": (record) => record,
  "amendment.accepted": (record) => ({ ...record, ...record.proposed, proposed: null }),
  "amendment.rejected": (record) => ({ ...record, proposed: null }),
  "record.voided": (record) => ({ ...record, stage: "voided", proposed: null }),
};

// The record after one more event; null where no history of a record goes on so.
function evolved(record, facts) {
  const type = facts.get("type");
  if (record === null) {
    if (type !== "record.submitted") return null;
    return {
      volunteer: facts.get("volunteer"),
      activity: facts.get("activity"),
      organization: facts.get("on_behalf_of"),
      proposed: null,
      ...entered(facts),
    };
  }
  return Object.hasOwn(WHAT_FOLLOWS, type) ? WHAT_FOLLOWS[type](record, facts) : null;
}
