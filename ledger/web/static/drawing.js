// What a page is drawn with, beside its letters: a certificate has lines, one QR code, one font,
// two colours of letters. What else there is makes it doubtful; that nothing else is there
// proves no look, for the font's own drawings are not compared.
//
// "picture", "hidden" and "overlay" no certificate ever has; "unusual" is what this page does
// not know: another release of the typesetter may draw otherwise, and nobody can tell.

const COLOURS = ["#000000", "#5a5a5a"];
const STROKES = ["#000000", "#9b1c1c", "#aaaaaa"];
const STROKE_WIDTH_MAX = 1;
const FONT = /^[A-Z]{6}\+NotoSansCJKsc-Regular\b/;
const FONT_SIZES = [7, 23];
const USUAL = [
  "beginMarkedContentProps", "beginText", "dependency", "endMarkedContent", "endText", "restore", "save",
  "setMiterLimit", "showText",
];
const SCALE_MAX = 5;
const PICTURE = /^paint.*(Image|Inline|SolidColor)/;
const [MOVE, LINE, CLOSE] = [0, 1, 4];

export function isSignature({ fieldType, subtype }) {
  return subtype === "Widget" && fieldType === "Sig";
}

// The names of what is strange on a page; `OPS` are pdf.js's numbers of operators by name,
// `fonts` are those of the file so far, `page` has them by their ids.
export function strangeThings(annotations, { fnArray, argsArray }, OPS, fonts, page) {
  const names = new Map(Object.entries(OPS).map(([name, number]) => [number, name]));
  const strange = new Set(annotations.filter((each) => !isUnseen(each)).map(() => "overlay"));
  const found = { fillStroke: 0, clip: 0, scaled: 0, fonts, page };
  fnArray.forEach((number, at) => {
    const each = strangeIn(names.get(number) ?? "", argsArray[at] ?? [], found, names);
    if (each) strange.add(each);
  });
  return [...strange];
}

// A signature that shows nothing is in nobody's way.
function isUnseen({ fieldType, rect, subtype }) {
  if (!Array.isArray(rect) || rect.length !== 4 || !rect.every(Number.isFinite)) return false;
  const [left, bottom, right, top] = rect;
  return (left === right || bottom === top) && isSignature({ fieldType, subtype });
}

function strangeIn(name, args, found, names) {
  if (PICTURE.test(name)) return "picture";
  if (name === "setTextRenderingMode") return args[0] === 0 ? null : "hidden";
  if (name === "setFillRGBColor") return COLOURS.includes(args[0]) ? null : "unusual";
  if (name === "setStrokeRGBColor") return STROKES.includes(args[0]) ? null : "unusual";
  if (name === "setLineWidth") return args[0] <= STROKE_WIDTH_MAX ? null : "unusual";
  if (name === "transform") return isMoved(args, found) ? null : "unusual";
  if (name === "setTextMatrix") return isMoved(args[0], found) ? null : "unusual";
  if (name === "setFont") return found.fonts.isUsual(args, found.page) ? null : "unusual";
  if (name === "beginMarkedContentProps" && args[0] === "OC") return "unusual";
  if (name === "clip") return once(found, "clip");
  if (name !== "constructPath") return USUAL.includes(name) ? null : "unusual";
  const painted = names.get(args[0]);
  if (painted === "endPath") return null;
  if (painted === "fillStroke" && once(found, "fillStroke")) return "unusual";
  return ["fillStroke", "stroke"].includes(painted) && args[1].every(isOfLines) ? null : "unusual";
}

// Whether things are moved, or turned upside down as the form does; the QR code alone is scaled.
function isMoved([a, b, c, d], found) {
  if (b !== 0 || c !== 0) return false;
  if (Math.abs(a) === 1 && Math.abs(d) === 1) return true;
  return a >= 1 && a <= SCALE_MAX && Math.abs(a - Math.abs(d)) < 1e-3 && !once(found, "scaled");
}

// Only once on a page: the QR code, its scale, and where it is cut off.
function once(found, name) {
  found[name] += 1;
  return found[name] > 1 ? "unusual" : null;
}

// Whether a path is made of lines along or across the page, as tables and QR codes are.
function isOfLines(path) {
  let [x, y] = [null, null];
  for (let at = 0; path && at < path.length; ) {
    const step = path[at];
    if (step === CLOSE) {
      at += 1;
      continue;
    }
    if (step !== MOVE && step !== LINE) return false;
    const [toX, toY] = [path[at + 1], path[at + 2]];
    if (step === LINE && toX !== x && toY !== y) return false;
    [x, y] = [toX, toY];
    at += 3;
  }
  return true;
}

// The fonts of a file: a certificate has one, so that no letter is said by two of them.
export class Fonts {
  constructor() {
    this.ids = new Set();
  }

  isUsual([id, size], page) {
    this.ids.add(id);
    const font = page.commonObjs.has(id) ? page.commonObjs.get(id) : null;
    const isForms = font !== null && !font.isType3Font && FONT.test(font.name) && !font.missingFile;
    return isForms && this.ids.size === 1 && size >= FONT_SIZES[0] && size <= FONT_SIZES[1];
  }
}
