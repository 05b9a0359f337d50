// A certificate's PDF: what is attached to it, and whether its pages say what was proved.
//
// pdf.js reads it in a worker. What a file says is compared as text, in the order of the form.
// How it looks is another thing: a font can draw any letter as another. So what differs is no
// certificate's, and what agrees is an aid, no proof of a paper.

import { Fonts, isSignature, strangeThings } from "./drawing.js";
import { FOLDED } from "./folded.js";
import { haveRows } from "./layout.js";
import { printedParts } from "./printed.js";

const VENDOR = new URL("./vendor/pdfjs-5.6.205/", import.meta.url);
const PAGES_MAX = 400;
const FACE = "certificate.tlog-proof";
const RECORDS = "records.tlog-proofs";
const ATTACHED_MAX = 16;
const ATTACHED_BYTES_MAX = 64 * 1024 * 1024;
const WAIT_MS = 60000;
const EMPTY = new Uint8Array(0);

let reader = null;
let latest = null;

// Fetch what reads PDFs now, so that later it takes no network.
export function prepare() {
  reader ??= (async () => {
    const pdfjs = await import(new URL("pdf.min.mjs", VENDOR).href);
    pdfjs.GlobalWorkerOptions.workerSrc = new URL("pdf.worker.min.mjs", VENDOR).href;
    return { pdfjs, worker: await workerOf(pdfjs) };
  })().catch((error) => {
    reader = null; // the next file tries again
    throw error;
  });
  return reader;
}

async function workerOf(pdfjs) {
  const worker = new pdfjs.PDFWorker({ verbosity: 0 });
  await worker.promise;
  return worker;
}

// What reads PDFs began anew: a file that is still read, or takes too long, is given up.
async function renew({ pdfjs, worker }) {
  worker.destroy();
  reader = workerOf(pdfjs).then((fresh) => ({ pdfjs, worker: fresh }));
  await reader;
}

// The file is no PDF that can be read.
export class UnreadablePdf extends Error {}

// The file takes too long, or holds more than a certificate has: nothing is known of it.
export class HeavyPdf extends Error {}

// {face, records: bytes of the two attachments or null, pages: [{text, strange}], isSigned}
export async function readPaper(bytes, waitMs = WAIT_MS) {
  if (latest) await renew(await prepare());
  const { pdfjs, worker } = await prepare();
  const mine = pdfjs.getDocument({
    data: bytes.slice(),
    worker,
    verbosity: 0,
    stopAtErrors: true,
    disableFontFace: true,
    fontExtraProperties: true,
    useSystemFonts: false,
    isEvalSupported: false,
    enableXfa: false,
  });
  latest = mine;
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new HeavyPdf("time")), waitMs);
  });
  try {
    return await Promise.race([late, mine.promise.then((document) => readDocument(document, pdfjs.OPS))]);
  } catch (error) {
    if (error instanceof HeavyPdf) throw error;
    throw new UnreadablePdf(error?.name ?? "error");
  } finally {
    clearTimeout(timer);
    if (latest === mine) await ended(mine, worker);
  }
}

// Whoever is busy with a file that was given up is not waited for.
async function ended(task, worker) {
  const gone = new Promise((resolve) => setTimeout(resolve, 1000, "late"));
  const how = await Promise.race([task.destroy().catch(() => "late"), gone]);
  latest = null;
  if (how === "late" || worker.destroyed) await renew(await prepare());
}

async function readDocument(document, OPS) {
  const attached = Object.values((await document.getAttachments()) ?? {});
  const size = attached.reduce((sum, each) => sum + (each.content?.length ?? 0), 0);
  if (attached.length > ATTACHED_MAX || size > ATTACHED_BYTES_MAX) throw new HeavyPdf("attachments");
  if (document.numPages > PAGES_MAX) throw new HeavyPdf("pages");
  const layers = await document.getOptionalContentConfig({ intent: "any" });
  const hasLayers = [...layers].length > 0;
  const fonts = new Fonts();
  const pages = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const content = await page.getTextContent({ disableNormalization: true });
    const annotations = await page.getAnnotations({ intent: "any" });
    const operators = await page.getOperatorList({ intent: "any" });
    const strange = strangeThings(annotations, operators, OPS, fonts, page);
    if (hasLayers || !isA4(page)) strange.push("unusual");
    pages.push({
      text: bare(content.items.map((item) => item.str ?? "").join("")),
      strange,
      isSigned: annotations.some(isSignature),
    });
    page.cleanup();
  }
  return {
    face: onlyOne(attached, FACE),
    records: onlyOne(attached, RECORDS) ?? EMPTY,
    pages,
    isSigned: pages.some((page) => page.isSigned),
  };
}

// Upright, the whole of it seen, as the form sets it.
function isA4({ rotate, userUnit, view: [left, bottom, right, top] }) {
  const near = (one, other) => Math.abs(one - other) < 1;
  return rotate === 0 && userUnit === 1 && near(left, 0) && near(bottom, 0) && near(right, 595.28) && near(top, 841.89);
}

function onlyOne(attached, name) {
  const found = attached.filter((each) => each.filename === name || each.rawFilename === name);
  if (found.length > 1) throw new Error("attachments");
  return found[0]?.content ?? null;
}

// A text without blanks, and without what the certificates' font does not tell apart.
export function bare(text) {
  const plain = text.normalize("NFKC").replace(/[\s\u200b]/gu, "");
  return [...plain].map((each) => FOLDED[each] ?? each).join("");
}

// {agrees: null where nobody can tell, fields: names of what the pages lack, strange: what they have and no certificate has}
export function comparePaper(pages, face, site, words) {
  const { parts, heads } = printedParts(face, site, words);
  const texts = pages.map((page, at) => withoutFoot(page.text, face.number, at + 1, pages.length));
  const rows = parts.map(([, cells]) => cells.map(bare));
  const strange = [...new Set(pages.flatMap((page) => page.strange))];
  const agrees = haveRows(texts, rows, heads.map(bare));
  return { agrees, fields: agrees !== false ? [] : missing(parts, texts.join("")), strange };
}

function withoutFoot(text, number, page, count) {
  const foot = bare(`${number} ${page} / ${count}`);
  return text.endsWith(foot) ? text.slice(0, -foot.length) : text;
}

// Fields whose text the pages do not show; each text is found once for each that is printed.
function missing(parts, shown) {
  const found = new Set();
  let rest = shown;
  const texts = parts.flatMap(([name, cells]) => cells.map((cell) => [name, bare(cell)]));
  for (const [name, text] of texts.sort((one, other) => other[1].length - one[1].length)) {
    const at = rest.indexOf(text);
    if (at < 0) found.add(name);
    else rest = `${rest.slice(0, at)}\n${rest.slice(at + text.length)}`;
  }
  return [...found];
}
