// Whether pages have these rows and nothing else: one after another, letter by letter.
//
// A row that does not fit on a page goes on at the top of the next one: there stands the rest
// of each of its cells. Above it a page may repeat the head of its table.

const ATTEMPTS_MAX = 100000;

// `pages` and `heads` are texts, `rows` lists of cells; all without blanks. null: there are more
// ways to cut the rows than were tried.
export function haveRows(pages, rows, heads) {
  const layout = new Layout(pages, rows, heads);
  if (layout.holds(0, 0, 0, rows[0])) return true;
  return layout.attempts > ATTEMPTS_MAX ? null : false;
}

class Layout {
  constructor(pages, rows, heads) {
    Object.assign(this, { pages, rows, heads, attempts: 0 });
  }

  // From an offset of a page on, and from `row` on, which is what is left of rows[number].
  holds(page, offset, number, row) {
    let [at, next, left] = [offset, number, row];
    while (next < this.rows.length && at < this.pages[page].length) {
      const text = left.join("");
      if (!this.pages[page].startsWith(text, at)) return this.isSplit(page, at, next, left);
      at += text.length;
      next += 1;
      left = this.rows[next];
    }
    if (at < this.pages[page].length) return false; // more than was proved
    if (next === this.rows.length) return page === this.pages.length - 1;
    return this.holdsAfter(page, next, left);
  }

  holdsAfter(page, number, row) {
    if (page + 1 === this.pages.length) return false;
    const starts = this.heads.filter((head) => this.pages[page + 1].startsWith(head));
    return [0, ...starts.map((head) => head.length)].some((start) => this.holds(page + 1, start, number, row));
  }

  isSplit(page, offset, number, row) {
    const rest = this.pages[page].slice(offset);
    return this.cut(row, rest, (left) => this.holdsAfter(page, number, left), []);
  }

  // Whether cells can be cut so that their beginnings make up `rest`, and `holds` their ends.
  cut(cells, rest, holds, ends) {
    this.attempts += 1;
    if (this.attempts > ATTEMPTS_MAX) return false;
    if (!cells.length) return rest === "" && holds(ends);
    const [cell, ...others] = cells;
    for (let length = common(cell, rest); length >= 0; length -= 1) {
      if (this.cut(others, rest.slice(length), holds, [...ends, cell.slice(length)])) return true;
    }
    return false;
  }
}

function common(one, other) {
  const most = Math.min(one.length, other.length);
  let length = 0;
  while (length < most && one[length] === other[length]) length += 1;
  return length;
}
