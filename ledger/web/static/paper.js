// A certificate's PDF: what is attached to it, and whether its pages say what was proved.
//
// pdf.js reads it in a worker. What a page shows is compared as text, letter by letter and in
// the order of the form; that nothing else lies over it, as far as pdf.js tells.

import { isSignature, strangeThings } from "./drawing.js";
import { haveRows } from "./layout.js";
import { printedParts } from "./printed.js";

const VENDOR = new URL("./vendor/pdfjs-5.6.205/", import.meta.url);
const PAGES_MAX = 400;
const FACE = "certificate.tlog-proof";
const RECORDS = "records.tlog-proofs";
const EMPTY = new Uint8Array(0);

let reader = null;

// Fetch what reads PDFs now, so that later it takes no network.
export function prepare() {
  reader ??= (async () => {
    const pdfjs = await import(new URL("pdf.min.mjs", VENDOR).href);
    pdfjs.GlobalWorkerOptions.workerSrc = new URL("pdf.worker.min.mjs", VENDOR).href;
    const worker = new pdfjs.PDFWorker({ verbosity: 0 });
    await worker.promise;
    return { pdfjs, worker };
  })();
  return reader;
}

// The file is no PDF that can be read.
export class UnreadablePdf extends Error {}

// {face, records: bytes of the two attachments or null, pages: [{text, strange}], isSigned}
export async function readPaper(bytes) {
  const { pdfjs, worker } = await prepare();
  let document;
  try {
    document = await pdfjs.getDocument({
      data: bytes.slice(),
      worker,
      verbosity: 0,
      stopAtErrors: true,
      disableFontFace: true,
      useSystemFonts: false,
      isEvalSupported: false,
      enableXfa: false,
    }).promise;
    return await readDocument(document, pdfjs.OPS);
  } catch (error) {
    throw new UnreadablePdf(error?.name ?? "error");
  } finally {
    await document?.destroy();
  }
}

async function readDocument(document, OPS) {
  const attached = Object.values((await document.getAttachments()) ?? {});
  if (document.numPages > PAGES_MAX) throw new Error("pages");
  const pages = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const content = await page.getTextContent({ disableNormalization: true });
    const annotations = await page.getAnnotations();
    const operators = await page.getOperatorList();
    pages.push({
      text: bare(content.items.map((item) => item.str ?? "").join("")),
      strange: strangeThings(annotations, operators, OPS),
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

function onlyOne(attached, name) {
  const found = attached.filter((each) => each.filename === name || each.rawFilename === name);
  if (found.length > 1) throw new Error("attachments");
  return found[0]?.content ?? null;
}

// A text without blanks, and without forms of letters that only fonts tell apart.
export function bare(text) {
  return text.normalize("NFKC").replace(/\s/gu, "");
}

// {agrees, fields: names of what the pages lack, strange: what they have and no certificate has}
export function comparePaper(pages, face, site, words) {
  const { parts, heads } = printedParts(face, site, words);
  const texts = pages.map((page, at) => withoutFoot(page.text, face.number, at + 1, pages.length));
  const rows = parts.map(([, cells]) => cells.map(bare));
  const strange = [...new Set(pages.flatMap((page) => page.strange))];
  const agrees = haveRows(texts, rows, heads.map(bare));
  return { agrees, fields: agrees ? [] : missing(parts, texts.join("")), strange };
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
