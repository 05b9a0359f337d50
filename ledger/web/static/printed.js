// What is printed of a certificate: every text on its face, made from its proved facts alone,
// in the order of the form. `words` are the ledger's labels and codes, [English, Chinese].

import { civilDay, clockTime, decimalHours } from "./face.js";

const HEAD = ["序号", "日期", "起止时间", "活动(项目)名称", "服务内容", "服务地点", "时长(小时)", "记录方式"];
const OPEN_TITLE = "另列:尚未确认、未计入合计的记录";
const OPEN_HEAD = ["日期", "起止时间", "活动(项目)名称", "时长(小时)", "状态"];
const CHECK_NOTE = "本证明附有可离线核验的日志证明;时间按分钟累计,折算小时保留两位小数,不进位。";

export function siteOf(origin) {
  return `https://${origin.split("/")[0]}/verify`;
}

export function dayText(day) {
  const [year, month, date] = day.split("-").map(Number);
  return `${year}年${month}月${date}日`;
}

// From–to; a record ends by midnight, which is 24:00 of its day.
export function timesText(line) {
  const closing = civilDay(line.start) === civilDay(line.end) ? clockTime(line.end) : "24:00";
  return `${clockTime(line.start)}–${closing}`;
}

// The period that is printed: what was asked for, or what there is.
export function periodOf(face) {
  const days = face.lines.map((line) => civilDay(line.start)).sort();
  return [face.from_day ?? days[0] ?? face.issued_on, face.to_day ?? face.issued_on];
}

// {parts: [field's name, cells] in order, a text by itself being one cell; heads: what each
// page of a table repeats}
export function printedParts(face, site, words) {
  return new Printing(face, site, words).parts();
}

class Printing {
  constructor(face, site, words) {
    this.face = face;
    this.site = site;
    this.words = words;
    this.isBoth = face.language === "zh_en";
  }

  parts() {
    const { face } = this;
    const head = HEAD.map((each) => this.label(each)).join("");
    const openHead = OPEN_HEAD.map((each) => this.label(each)).join("");
    const parts = [
      ["title", "志愿服务记录证明"],
      ["title", this.english(this.words.labels["志愿服务记录证明"])],
      ...this.pairs(this.wide()),
      ...this.pairs(this.holder()),
      ["statement", this.statement()],
      ["statement", this.english(this.statementEnglish())],
      ["lines", head],
      ...face.lines.map((line, at) => ["lines", this.line(at + 1, line)]),
    ];
    if (face.open_lines.length) {
      parts.push(["open_lines", this.label(OPEN_TITLE)], ["open_lines", openHead]);
      parts.push(...face.open_lines.map((line) => ["open_lines", this.openLine(line)]));
    }
    parts.push(...this.pairs(this.issuer()), ["check", this.label("核验")], ["check", this.check()]);
    parts.push(["check", this.english(this.checkEnglish())]);
    if (face.mode === "sealed") parts.push(["mode", "(加盖公章)"]);
    const cells = parts.map(([name, said]) => [name, [said].flat()]);
    return { parts: cells.filter(([, [first]]) => first), heads: [head, openHead] };
  }

  wide() {
    const { face } = this;
    return [
      ["number", "证明编号", face.number],
      ["volunteer_number", "志愿者编号", face.volunteer_number || face.volunteer],
    ];
  }

  holder() {
    const { face } = this;
    return [
      ["holder_name", "姓名", face.holder_name],
      ["records", "服务次数", String(face.lines.length)],
      ["id_type", "证件类型", this.coded("id_type", face.id_type)],
      ["hours", "服务时间", `${face.hours} 小时${this.english(" hours")}`],
      ["id_number", "证件号码", face.id_number],
      ["period", "服务期间", this.period()],
    ];
  }

  issuer() {
    const { face } = this;
    const unsigned = `(系统登记,未签署)${this.english(" (named, not signed)")}`;
    const after = face.mode === "self_printed" ? unsigned : "";
    const publicity = `${dayText(face.publicity_opens_on)}至${dayText(face.publicity_closes_on)}`;
    return [
      ["issuer_name", "记录单位", face.issuer_name],
      ["issuer_credit_code", "统一社会信用代码", face.issuer_credit_code || "—"],
      ["issuer_telephone", "联系方式", face.issuer_telephone || "—"],
      ["issued_on", "出具日期", dayText(face.issued_on)],
      ["responsible_name", "负责人", face.responsible_name + after],
      ["handler_name", "经办人", face.handler_name + after],
      ["mode", "出具方式", this.coded("mode", face.mode)],
      ["publicity", "公示期", publicity],
      ...face.predecessors.map((each) => ["predecessors", "承接单位", each.name]),
    ];
  }

  line(number, line) {
    const notes = line.signals.map((each) => this.words.codes.signal[each][1]).join("、");
    const channel = this.coded("channel", line.channel);
    return [
      String(number),
      civilDay(line.start),
      timesText(line),
      line.activity_name,
      line.content,
      line.place || "—",
      decimalHours(line.minutes),
      notes ? `${channel}(${notes})` : channel,
    ];
  }

  openLine(line) {
    return [
      civilDay(line.start),
      timesText(line),
      line.activity_name,
      decimalHours(line.minutes),
      this.coded("record_stage", line.stage),
    ];
  }

  statement() {
    const { face } = this;
    return `兹证明 ${face.holder_name} 参加志愿服务 ${face.lines.length} 次,经本单位记录、公示并由` +
      `他人审核确认,服务时间合计 ${face.hours} 小时。明细如下。`;
  }

  statementEnglish() {
    const { face } = this;
    const count = face.lines.length;
    return `This is to certify that ${face.holder_name} served as a volunteer ` +
      `${count === 1 ? "once" : `${count} times`}, ` +
      "as recorded by this organization, publicized, and confirmed by a second person: " +
      `${face.hours} hours in total, as listed below.`;
  }

  check() {
    return `扫描二维码或访问 ${this.site} 并输入证明编号。${CHECK_NOTE}`;
  }

  checkEnglish() {
    return `Scan the code, or go to ${this.site} and type the certificate number. Proofs ` +
      "that can be checked offline are attached to this file. Minutes are summed; " +
      "hours are given to two decimals and never rounded up.";
  }

  period() {
    const [first, last] = periodOf(this.face);
    return `${dayText(first)}至${dayText(last)}${this.english(` ${first} – ${last}`)}`;
  }

  pairs(rows) {
    return rows.flatMap(([name, label, text]) => [[name, this.label(label)], [name, text]]);
  }

  label(chinese) {
    return this.isBoth ? `${chinese}\n${this.words.labels[chinese]}` : chinese;
  }

  coded(kind, value) {
    const [english, chinese] = this.words.codes[kind][value];
    return this.isBoth ? `${chinese} ${english}` : chinese;
  }

  english(text) {
    return this.isBoth ? text : "";
  }
}
