// A report as it is shown. Whatever comes from a file or an answer becomes text, never markup.

import { NO, UNKNOWN, YES } from "./checking.js";
import { civilDay, decimalHours } from "./face.js";
import { periodOf, timesText } from "./printed.js";

const SIGNS = { valid: "✓", contents: "✓", genuine: "✓", held: "!", changed: "!", ended: "✕", invalid: "✕", unknown: "?" };
const STEP_SIGNS = { yes: "✓", no: "✕", unknown: "?" };
const ENDED = ["superseded", "revoked", "issuer_suspended"];
const COMPARED = ["valid", "contents", "genuine", "held", "changed"];
const HIDDEN = "*";
const LOCALES = { zh: "zh-CN", en: "en-GB" };

// An element with its class and what is in it; texts become text nodes.
export function make(tag, name = "", ...inside) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...inside.filter((each) => each !== null && each !== undefined));
  return element;
}

// One word for everything: what was proved, and what the ledger says became of it.
export function verdictOf(report) {
  const told = report.status?.status;
  if (report.proved === NO) return "invalid";
  if (ENDED.includes(told)) return "ended";
  if (report.proved === UNKNOWN) return "unknown";
  if (told === "changed") return told;
  if (told === "valid") return report.isPaper ? "contents" : told;
  return report.unasked === "slow" ? "held" : "genuine";
}

function maskName(name, surnames) {
  const [first] = /^.\p{M}*/su.exec(name) ?? [""];
  const letters = [...name];
  if (first === name) return HIDDEN;
  const two = letters.slice(0, 2).join("");
  return `${letters.length > 2 && surnames.includes(two) ? two : first}${HIDDEN}`;
}

function maskNumber(number) {
  return HIDDEN + number.slice(number.length - Math.min(4, Math.floor(number.length / 2)));
}

export class Shown {
  constructor({ say, language, words }) {
    Object.assign(this, { say, language, words });
    this.isRevealed = false;
  }

  // Fill the result's section.
  show(section, report) {
    this.report = report;
    const what = [this.content(), this.lines()];
    const why = [this.steps()];
    const isProved = report.proved === YES;
    const parts = [this.verdict(), this.changes(), ...(isProved ? [...what, ...why] : [...why, ...what]), this.unchecked()];
    section.replaceChildren(...parts.filter(Boolean));
    section.hidden = false;
  }

  coded(kind, value) {
    const [english, chinese] = this.words.codes[kind]?.[value] ?? [value, value];
    return this.language === "zh" ? chinese : english;
  }

  verdict() {
    const { report, say } = this;
    const verdict = verdictOf(report);
    const heading = make("h2", "", say(`verdict_${verdict}`));
    heading.id = "verdict";
    heading.tabIndex = -1;
    const sign = make("span", "sign", SIGNS[verdict]);
    sign.setAttribute("aria-hidden", "true");
    const why = make("div", "why", ...this.reasons(verdict).map((text) => make("p", "", text)));
    const file = report.file ? make("p", "file", say("checked_file", { name: report.file })) : null;
    const told = COMPARED.includes(verdict) && report.face ? this.compared() : null;
    return make("div", `verdict ${verdict}`, sign, heading, why, told, file);
  }

  // What the visitor compares with the paper, right under the word.
  compared() {
    const wanted = ["holder_name", "holder_by_ledger", "hours", "issuer_name", "issued_on"];
    return this.list(this.rows().filter(([name]) => wanted.includes(name)));
  }

  reasons(verdict) {
    const { report, say } = this;
    const { status } = report;
    const found = verdict === "ended" ? [this.ending()] : [say(`verdict_${verdict}_why`)];
    if (status?.minutesNow !== null && status?.minutesNow !== undefined && verdict === "changed" && report.face) {
      found.push(say("hours_now", { hours: report.face.hours, now: decimalHours(status.minutesNow) }));
    }
    if (report.isPaper && ["genuine", "held", "changed"].includes(verdict)) found.push(say("paper_not_checked"));
    if (status?.isIssuerOut && verdict === "changed") found.push(say("issuer_as_well"));
    if (status && verdict !== "invalid") {
      const at = new Date(status.at).toLocaleString(LOCALES[this.language], { timeZone: "Asia/Shanghai" });
      found.push(say("as_of", { size: status.size, at }));
    } else if (report.unasked && verdict !== "invalid" && verdict !== "held") {
      found.push(say(`status_${report.unasked}`));
    }
    return found;
  }

  ending() {
    const { status, revoked } = this.report.status;
    return this.say(`status_${status}`, { ground: revoked ? this.coded("revoked", revoked) : "" });
  }

  changes() {
    const changes = this.report.status?.changes ?? [];
    if (!changes.length) return null;
    const items = changes.map((each) => make("li", "change", this.change(each)));
    return make("div", "card", make("h3", "", this.say("what_changed")), make("ul", "", ...items));
  }

  change({ line, voided, facts, minutes, minutes_now: now, counts = true }) {
    const hours = { line, then: decimalHours(minutes), now: decimalHours(now) };
    if (voided) return this.say("change_voided", hours);
    if (!facts.length) return this.say(counts ? "change_undone" : "change_moved", hours);
    const moved = counts ? "" : this.say("change_moved_too");
    const separator = this.language === "zh" ? "、" : ", ";
    const known = facts.map((each) => {
      const text = this.say(`fact_${each}`);
      return text === `fact_${each}` ? this.say("fact_other") : text;
    });
    return this.say("change_amended", { ...hours, facts: [...new Set(known)].join(separator) }) + moved;
  }

  content() {
    const { report, say } = this;
    if (!report.face) return null;
    const head = make("div", "card-head", make("h3", "", say("what_is_proved")));
    if (report.face.holder_name !== undefined) head.append(this.revealing());
    const hint = report.isPaper ? make("p", "hint", say("read_these")) : null;
    return make("div", "card", head, hint, this.facts());
  }

  revealing() {
    const button = make("button", "quiet", this.say(this.isRevealed ? "conceal" : "reveal"));
    button.type = "button";
    button.addEventListener("click", () => {
      this.isRevealed = !this.isRevealed;
      button.closest(".card").replaceWith(this.content());
      document.querySelector("#result .verdict").replaceWith(this.verdict());
      document.querySelector("#result .card-head button")?.focus();
    });
    return button;
  }

  facts() {
    return this.list(this.rows());
  }

  list(rows) {
    const list = make("dl", "facts");
    for (const [name, value, look] of rows) {
      if (value === undefined || value === null || value === "") continue;
      list.append(make("div", look ?? "", make("dt", "", this.say(name)), make("dd", "", value)));
    }
    return list;
  }

  rows() {
    const { report, say } = this;
    const { face } = report;
    const masked = (value, mask) => (value === undefined || value === null || this.isRevealed ? value : mask(value));
    const unsigned = face.mode === "self_printed" ? say("unsigned") : "";
    return [
      ["holder_name", masked(face.holder_name, (name) => maskName(name, this.words.surnames)), "large"],
      ["holder_by_ledger", report.holder, "large"],
      ["hours", say("hours_value", { hours: face.hours }), "large"],
      ["id_type", face.id_type && this.coded("id_type", face.id_type)],
      ["id_number", masked(face.id_number, maskNumber)],
      ["volunteer_number", masked(face.volunteer_number, maskNumber)],
      ["sessions", face.lines && String(face.lines.length)],
      ["period", this.period()],
      ["issuer_name", face.issuer_name, "whole"],
      ["issuer_credit_code", face.issuer_credit_code],
      ["issuer_telephone", face.issuer_telephone],
      ["responsible_name", face.responsible_name && face.responsible_name + unsigned],
      ["handler_name", face.handler_name && face.handler_name + unsigned],
      ["issued_on", face.issued_on],
      ["mode", this.coded("mode", face.mode)],
      ["publicity", say("period_value", { first: face.publicity_opens_on, last: face.publicity_closes_on })],
      ["predecessors", face.predecessors?.map((each) => each.name).join("、")],
      ["number", make("span", "mono", face.number), "whole"],
    ];
  }

  period() {
    const { face } = this.report;
    if (face.lines) {
      const [first, last] = periodOf(face);
      return this.say("period_value", { first, last });
    }
    if (!face.from_day && !face.to_day) return null;
    const open = this.say("open_side");
    return this.say("period_value", { first: face.from_day ?? open, last: face.to_day ?? open });
  }

  lines() {
    const { face, status } = this.report;
    if (!face?.lines) return null;
    const touched = new Set((status?.changes ?? []).map((each) => each.line));
    const names = ["line", "date", "times", "activity", "content", "place", "line_hours", "channel"];
    const rows = face.lines.map((line, at) => [String(at + 1), ...this.cells(line), this.how(line)]);
    const card = make("div", "card", this.table("lines", names, rows, touched));
    if (face.open_lines.length) {
      const others = ["date", "times", "activity", "line_hours", "state"];
      const open = face.open_lines.map((line) => [
        civilDay(line.start),
        timesText(line),
        line.activity_name,
        decimalHours(line.minutes),
        this.coded("record_stage", line.stage),
      ]);
      card.append(this.table("open_lines", others, open, new Set()));
    }
    return card;
  }

  cells(line) {
    const hours = decimalHours(line.minutes);
    return [civilDay(line.start), timesText(line), line.activity_name, line.content, line.place || "—", hours];
  }

  how(line) {
    const signals = line.signals.map((each) => this.coded("signal", each));
    const channel = this.coded("channel", line.channel);
    return signals.length ? `${channel} (${signals.join(", ")})` : channel;
  }

  table(caption, names, rows, touched) {
    const labels = names.map((name) => this.say(name));
    const head = labels.map((label) => {
      const cell = make("th", "", label);
      cell.scope = "col";
      return cell;
    });
    const body = rows.map((row, at) => make("tr", touched.has(at + 1) ? "touched" : "", ...row.map((text, column) => {
      const cell = make("td", names[column] === "line_hours" ? "number" : "", make("span", "", text));
      cell.dataset.label = labels[column];
      return cell;
    })));
    return make("table", "", make("caption", "", this.say(caption)), make("thead", "", make("tr", "", ...head)), make("tbody", "", ...body));
  }

  steps() {
    const items = this.report.steps.map(({ code, answer, facts }) => {
      const sign = make("span", "sign", STEP_SIGNS[answer]);
      sign.setAttribute("aria-hidden", "true");
      const said = make("span", "said", make("span", "unseen", `${this.say(answer)}: `), this.say(code, facts));
      const item = make("li", answer, sign, said);
      item.dataset.code = code;
      return item;
    });
    return make("div", "card", make("h3", "", this.say("how_checked")), make("ol", "steps", ...items));
  }

  unchecked() {
    const codes = this.report.unchecked;
    if (!codes.length) return null;
    const items = codes.map((code) => make("li", "", this.say(`unchecked_${code}`)));
    const how = make("p", "hint", this.say("offline_verifier"));
    return make("div", "card", make("h3", "", this.say("not_checked")), make("ul", "", ...items), how);
  }
}
