// What the ledger says became of a certificate; that it was issued so, this browser proves.
//
// The ledger is asked by POST: no name and no number stands in an address. Its word on the
// status is its word; the proof that comes with it is checked as any other.

import { utf8 } from "./bytes.js";
import { NO, proved, Report, YES } from "./checking.js";
import { decimalHours, faceOf } from "./face.js";

const ADDRESS = "/api/v1/verifications";
const WAIT_MS = 20000;

// {kind: "told", answer} | {kind: "none"} | {kind: "slow", seconds} | {kind: "refused"} | {kind: "silent"}
//
// `salt` is of a fact of the whole proof: who has it has the file, and guesses nothing.
export async function askLedger(number, holder, salt) {
  let response;
  try {
    response = await fetch(ADDRESS, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(salt ? { number, holder, salt } : { number, holder }),
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout?.(WAIT_MS),
    });
    const answer = await response.json();
    if (response.ok) return { kind: "told", answer };
    if (response.status === 404) return { kind: "none" };
    if (response.status === 422) return { kind: "refused" };
    if (response.status === 429) return { kind: "slow", seconds: answer.reasons?.[0]?.details?.seconds ?? 60 };
  } catch {
    // No network, no service, or no answer in time: the status is not known.
  }
  return { kind: "silent" };
}

// The status as the page shows it, out of an answer.
export function statusOf(answer) {
  const { status, changes, minutes_now: minutesNow, revoked, size, at } = answer;
  const isIssuerOut = answer.issuer_suspended;
  return { status, changes, minutesNow, revoked, size, at, isIssuerOut };
}

// A report on a certificate of which only the ledger's answer is at hand.
export async function checkAnswer(answer, number, { trust, words }) {
  const report = new Report();
  report.status = statusOf(answer);
  report.holder = answer.holder;
  if (answer.proof === null) {
    report.add("not_witnessed_yet", "unknown");
    return report;
  }
  const checked = await proved(report, utf8(answer.proof), trust);
  if (checked === null) return report;
  const face = faceOf(checked.facts, words.codeValues, { isWhole: false });
  if (face === null || face.number !== number || face.hours !== decimalHours(face.minutes ?? -1)) {
    report.add("answer_is_of_another", NO);
    return report;
  }
  report.add("facts_add_up", YES, { count: checked.facts.size });
  report.face = face;
  report.unchecked.push("paper_not_here", "holder_by_word");
  return report;
}
