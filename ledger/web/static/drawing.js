// What a page is drawn with, beside its letters: a certificate has lines, one QR code, two
// colours. So nothing can stand over its text, or be painted instead of it, unnoticed.
//
// "picture", "hidden" and "overlay" no certificate ever has; "unusual" is what this page does
// not know: another release of the typesetter may draw otherwise, and nobody can tell.

const COLOURS = ["#000000", "#5a5a5a"];
const USUAL = [
  "beginMarkedContentProps", "beginText", "dependency", "endMarkedContent", "endText", "restore", "save",
  "setFont", "setLineWidth", "setMiterLimit", "setStrokeRGBColor", "setTextMatrix", "showText", "transform",
];
const PICTURE = /^paint.*(Image|Inline|SolidColor)/;
const [MOVE, LINE, CLOSE] = [0, 1, 4];

export function isSignature({ fieldType, subtype }) {
  return subtype === "Widget" && fieldType === "Sig";
}

// The names of what is strange on a page; `OPS` are pdf.js's numbers of operators by name.
export function strangeThings(annotations, { fnArray, argsArray }, OPS) {
  const names = new Map(Object.entries(OPS).map(([name, number]) => [number, name]));
  const found = new Set(annotations.filter((each) => !isUnseen(each)).map(() => "overlay"));
  const counts = { fillStroke: 0, clip: 0 };
  fnArray.forEach((number, at) => {
    const strange = strangeIn(names.get(number) ?? "", argsArray[at] ?? [], counts, names);
    if (strange) found.add(strange);
  });
  return [...found];
}

// A signature that shows nothing is in nobody's way.
function isUnseen({ fieldType, rect, subtype }) {
  const [left, bottom, right, top] = rect ?? [0, 0, 0, 0];
  return (left === right || bottom === top) && isSignature({ fieldType, subtype });
}

function strangeIn(name, args, counts, names) {
  if (PICTURE.test(name)) return "picture";
  if (name === "setTextRenderingMode") return args[0] === 0 ? null : "hidden";
  if (name === "setFillRGBColor") return COLOURS.includes(args[0]) ? null : "unusual";
  if (name === "clip") return once(counts, "clip");
  if (name !== "constructPath") return USUAL.includes(name) ? null : "unusual";
  const painted = names.get(args[0]);
  if (painted === "endPath") return null;
  if (painted === "fillStroke" && once(counts, "fillStroke")) return "unusual";
  return ["fillStroke", "stroke"].includes(painted) && args[1].every(isOfLines) ? null : "unusual";
}

// Only once on a page: the QR code, and where it is cut off.
function once(counts, name) {
  counts[name] += 1;
  return counts[name] > 1 ? "unusual" : null;
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
