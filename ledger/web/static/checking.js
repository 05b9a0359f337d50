// A file checked, step by step, by this browser alone; what was not checked is said.

import { Malformed, Unproved } from "./bytes.js";
import { contradictions, faceOf, TYPE } from "./face.js";
import { comparePaper, HeavyPdf, readPaper, UnreadablePdf } from "./paper.js";
import { siteOf } from "./printed.js";
import { checkProof, UnknownShape } from "./proof.js";
import { checkedProofs, lineFollows, ownersOf } from "./records.js";

export const FILE_BYTES_MAX = 32 * 1024 * 1024;
const PDF = "%PDF-";
const PROOF = "c2sp.org/tlog-proof@";

export const YES = "yes";
export const NO = "no";
export const UNKNOWN = "unknown";

export class Report {
  constructor() {
    this.steps = [];
    this.unchecked = [];
    this.face = null;
    this.under = null;
    this.entry = null;
    this.isPaper = false;
    this.salt = undefined;
    this.status = null;
  }

  add(code, answer, facts = {}) {
    this.steps.push({ code, answer, facts });
  }

  // "no" if anything was disproved, "yes" if everything was proved.
  get proved() {
    const answers = this.steps.map((step) => step.answer);
    if (answers.includes(NO)) return NO;
    return answers.includes(UNKNOWN) || !answers.length ? UNKNOWN : YES;
  }
}

// `means` are {trust, words, pause}: whom to trust, the words of the paper, and what lets the
// page breathe meanwhile.
export async function checkFile(bytes, means) {
  const report = new Report();
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 24));
  if (bytes.length > FILE_BYTES_MAX) report.add("file_too_large", UNKNOWN);
  else if (start.startsWith(PROOF)) await checkFace(report, bytes, means);
  else if (start.startsWith(PDF)) await checkPdf(report, bytes, means);
  else report.add("no_certificate", UNKNOWN);
  return report;
}

async function checkPdf(report, bytes, means) {
  // What reads PDFs mends what was cut off, or skips what was added behind: here neither counts.
  if (!/%%EOF\s*$/.test(new TextDecoder("latin1").decode(bytes.subarray(-64)))) {
    report.add("pdf_unreadable", NO);
    return;
  }
  let paper;
  try {
    paper = await readPaper(bytes);
  } catch (error) {
    if (error instanceof HeavyPdf) {
      report.add("pdf_too_heavy", UNKNOWN);
      return;
    }
    if (!(error instanceof UnreadablePdf)) throw error;
    report.add("pdf_unreadable", NO, { detail: error.message });
    return;
  }
  report.isPaper = true;
  if (paper.face === null) {
    report.add("pdf_without_proof", NO);
    return;
  }
  if (!(await checkFace(report, paper.face, means))) return;
  await checkRecords(report, paper.records, means);
  checkPages(report, paper, means);
  if (paper.isSigned) report.unchecked.push("signature");
}

// Check the proof of the face; return whether it is a whole one that agrees with itself.
async function checkFace(report, bytes, means) {
  const checked = await proved(report, bytes, means.trust);
  if (checked === null) return false;
  const face = checked.isWhole ? faceOf(checked.facts, means.words.codeValues) : null;
  if (face === null) {
    // A shape that is published and yet not known here is a newer one.
    const isNewer = checked.facts.get("type") === TYPE && checked.facts.get("shape") !== 1;
    if (isNewer) report.add("shape_unknown", UNKNOWN, { detail: `${TYPE} ${checked.facts.get("shape")}` });
    else report.add("not_of_a_certificate", NO);
    return false;
  }
  report.add("facts_add_up", YES, { count: checked.facts.size });
  const wrong = contradictions(face, checked.entry.seq);
  if (wrong.length) {
    report.add("face_contradicts_itself", NO, { detail: wrong.join(", ") });
    return false;
  }
  report.add("face_agrees", YES, { hours: face.hours, count: face.lines.length });
  report.face = face;
  if (!report.isPaper) report.unchecked.push("records_not_here");
  if (face.open_lines.length) report.unchecked.push("open_lines");
  return true;
}

export async function proved(report, bytes, trust) {
  try {
    const checked = await checkProof(bytes, trust);
    const { checkpoint, logKeys, witnesses } = checked.under;
    Object.assign(report, { entry: checked.entry, under: checked.under, salt: checked.salts.get("holder_name") });
    report.add("in_the_log", YES, {
      seq: checked.entry.seq,
      time: checked.entry.time,
      log: checkpoint.origin,
      size: String(checkpoint.size),
      keys: logKeys.map((key) => key.label).join(", "),
      witnesses: witnesses.length,
    });
    return checked;
  } catch (error) {
    if (error instanceof UnknownShape) report.add("shape_unknown", UNKNOWN, { detail: error.message });
    else if (error instanceof Malformed) report.add("proof_malformed", NO, { detail: error.what });
    else if (!(error instanceof Unproved)) throw error;
    else if (error.step === "log signature") report.add("other_log", UNKNOWN, { log: error.got });
    else if (error.step === "quorum") report.add("no_quorum", UNKNOWN);
    else report.add("proof_fails", NO, { detail: error.step });
    return null;
  }
}

async function checkRecords(report, bundle, { trust, pause }) {
  const { face, entry } = report;
  try {
    const proofs = await checkedProofs(bundle, trust, entry.log, pause);
    const owners = ownersOf(face, proofs);
    const wrong = face.lines.flatMap((line, at) => (lineFollows(line, proofs, owners) ? [] : [at + 1]));
    if (wrong.length) report.add("lines_do_not_follow", NO, { lines: wrong.slice(0, 20).join(", ") });
    else report.add("lines_follow", YES, { count: face.lines.length, entries: proofs.size });
  } catch (error) {
    if (error instanceof UnknownShape) report.add("shape_unknown", UNKNOWN, { detail: error.message });
    else if (error instanceof Malformed || error instanceof Unproved || error instanceof TypeError) {
      report.add("records_not_proved", NO);
    } else throw error;
  }
  report.unchecked.push("contents");
}

function checkPages(report, paper, { words }) {
  const site = siteOf(report.entry.log);
  const { agrees, fields, strange } = comparePaper(paper.pages, report.face, site, words);
  const wrong = strange.filter((each) => each !== "unusual");
  if (wrong.length) report.add("pages_have_more", NO, { strange: wrong });
  if (agrees === null) report.add("pages_not_compared", UNKNOWN);
  else if (!agrees) report.add("pages_differ", NO, { fields });
  else if (!strange.length) report.add("pages_agree", YES, { pages: paper.pages.length });
  else if (!wrong.length) report.add("pages_drawn_otherwise", UNKNOWN);
  report.unchecked.push("drawing");
}
