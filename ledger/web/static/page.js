// The page itself: it loads whom it trusts, takes a file or a number, and shows what comes out.

import { ed25519By } from "./hashing.js";
import { checkFile, FILE_BYTES_MAX, NO, Report, UNKNOWN } from "./checking.js";
import { readNumber } from "./face.js";
import { askLedger, checkAnswer, statusOf } from "./look_up.js";
import { prepare } from "./paper.js";
import { parsePolicy } from "./policy.js";
import { Trust } from "./proof.js";
import { make, Shown } from "./shown.js";
import { NAMES, preferred, sayIn } from "./texts.js";

const $ = (id) => document.getElementById(id);
const state = { language: preferred(), means: null, loading: null, report: null, shown: null, turn: 0, error: null, trouble: null, working: null, ready: false };
let say = sayIn(state.language);

function speak(language) {
  state.language = language;
  say = sayIn(language);
  document.documentElement.lang = NAMES[language];
  document.title = say("title");
  for (const each of document.querySelectorAll("[data-text]")) each.textContent = say(each.dataset.text);
  $("language").textContent = say("other_language");
  $("language").lang = NAMES[language === "zh" ? "en" : "zh"];
  work(...(state.working ?? [null]));
  blame(state.error);
  trouble(state.trouble);
  pin();
  if (state.report) show(state.report, { isNew: false });
}

// What goes on, said again when the language changes.
function work(code, facts = {}) {
  state.working = code === null ? null : [code, facts];
  $("working").textContent = code === null ? "" : say(code, facts);
}

function trouble(code) {
  state.trouble = code;
  $("trouble").textContent = code === null ? "" : say(code);
  $("trouble").hidden = code === null;
}

async function fetchAs(name, kind) {
  const response = await fetch(new URL(name, import.meta.url), { credentials: "omit" });
  if (!response.ok) throw new Error(name);
  return response[kind]();
}

async function load() {
  const [policy, shapes, words] = await Promise.all([
    fetchAs("policy", "text"),
    fetchAs("shapes.json", "json"),
    fetchAs("words.json", "json"),
  ]);
  words.labels = Object.fromEntries(words.labels);
  words.codeValues = Object.fromEntries(Object.entries(words.codes).map(([kind, all]) => [kind, Object.keys(all)]));
  const pause = async (count) => {
    work("checking_records", { count });
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { trust: new Trust(parsePolicy(policy), shapes), words, pause, by: await ed25519By() };
}

function pin() {
  if (!state.means) return;
  const { policy } = state.means.trust;
  const logs = [...new Set(policy.logs.map((key) => key.name))];
  const rows = [
    ["log", logs],
    ["log_keys", policy.logs.map((key) => key.text)],
    ["witnesses", policy.witnesses.map(({ name, key }) => `${name} ${key.text}`)],
    ["quorum", [policy.quorum === "none" ? say("no_quorum_asked") : policy.quorum]],
    ["signatures_by", [state.means.by]],
  ];
  const shown = rows.filter(([, values]) => values.length);
  $("pinned").replaceChildren(...shown.flatMap(([name, values]) => [make("dt", "", say(name)), ...values.map((each) => make("dd", "", each))]));
  $("log").textContent = logs.join(", ");
  $("ready").textContent = state.ready ? say("ready") : "";
}

function show(report, { isNew }) {
  const { language, means: { words } } = state;
  const isRevealed = !isNew && Boolean(state.shown?.isRevealed);
  Object.assign(state, { report, shown: new Shown({ say, language, words }) });
  state.shown.isRevealed = isRevealed;
  state.shown.show($("result"), report);
  if (isNew) work(null);
  if (!isNew) return;
  $("verdict").focus({ preventScroll: true });
  $("result").scrollIntoView({ block: "start" });
}

// Begin something that ends in a result; what began before it shows none any more.
function begin(code) {
  state.turn += 1;
  state.report = null;
  $("result").hidden = true;
  $("result").replaceChildren();
  work(code);
  blame(null);
  const { turn } = state;
  return () => turn === state.turn;
}

function blame(error) {
  state.error = error;
  const { code = null, facts = {}, input = null } = error ?? {};
  $("ask-error").textContent = code ? say(code, facts) : "";
  for (const id of ["number", "holder"]) $(id).setAttribute("aria-invalid", String(id === input));
}

async function failing(isCurrent, act) {
  try {
    await act();
  } catch (error) {
    console.error(error);
    if (isCurrent()) work("failed");
  }
}

async function takeFile(...files) {
  const isCurrent = begin("checking");
  if (files.length > 1) {
    work("one_file"); // whose result it was, nobody could tell
    return;
  }
  const [file] = files;
  await failing(isCurrent, async () => {
    await state.loading;
    if (file.size > FILE_BYTES_MAX) {
      const report = new Report();
      report.add("file_too_large", UNKNOWN);
      report.file = file.name;
      show(report, { isNew: true });
      return;
    }
    const report = await checkFile(new Uint8Array(await file.arrayBuffer()), state.means);
    if (!isCurrent()) return;
    report.file = file.name;
    if (report.face && report.proved !== NO) {
      // A revoked certificate must not look valid for a moment: first it is asked for.
      work("asking");
      await addStatus(report);
      if (!isCurrent()) return;
    }
    show(report, { isNew: true });
  });
}

async function addStatus(report) {
  const { number, holder_name: holder } = report.face;
  const found = navigator.onLine === false ? { kind: "silent" } : await askLedger(number, holder, report.salt);
  if (found.kind === "told") report.status = statusOf(found.answer);
  else report.unasked = found.kind;
}

async function lookUp() {
  const isCurrent = begin("asking");
  await failing(isCurrent, async () => {
    await state.loading;
    const number = readNumber($("number").value);
    const holder = $("holder").value.trim();
    if (number === null || !holder) {
      work(null);
      const input = number === null ? "number" : "holder";
      blame({ code: number === null ? "number_malformed" : "holder_missing", input });
      $(input).focus();
      return;
    }
    $("number").value = number;
    const found = await askLedger(number, holder);
    if (!isCurrent()) return;
    if (found.kind !== "told") {
      work(null);
      blame({ code: { none: "not_found" }[found.kind] ?? found.kind, facts: found });
      return;
    }
    const report = await checkAnswer(found.answer, number, state.means);
    if (isCurrent()) show(report, { isNew: true });
  });
}

// The printed QR code leads to this page with the number behind `#`, which no server is sent.
function fillIn() {
  let said = location.hash.slice(1);
  try {
    said = decodeURIComponent(said);
  } catch {
    return;
  }
  const number = said && readNumber(said);
  if (!number) return;
  $("number").value = number;
  $("holder").focus();
}

function listen() {
  $("language").addEventListener("click", () => speak(state.language === "zh" ? "en" : "zh"));
  $("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    lookUp();
  });
  $("file").addEventListener("change", () => {
    const files = [...$("file").files];
    if (files.length) takeFile(...files);
    $("file").value = "";
  });
  const drop = $("drop");
  // A file that is dropped beside must not take the place of the page.
  for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => event.preventDefault());
  drop.addEventListener("dragover", () => drop.classList.add("over"));
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  addEventListener("drop", (event) => {
    drop.classList.remove("over");
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length) takeFile(...files);
  });
  addEventListener("hashchange", fillIn);
}

async function start() {
  state.loading = load().then((means) => {
    state.means = means;
  });
  speak(state.language);
  listen();
  $("late").remove();
  let code = "not_loaded";
  try {
    await state.loading;
    pin();
    for (const each of document.querySelectorAll("#ask input, #ask button, #file")) each.disabled = false;
    fillIn();
    code = "reader_not_loaded";
    await prepare();
    state.ready = true;
    pin();
    document.documentElement.dataset.ready = "yes";
  } catch (error) {
    console.error(error);
    trouble(code);
  }
}

start();
