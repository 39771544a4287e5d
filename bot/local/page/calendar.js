/** A month to pick a day from, written the Vietnamese way: a browser's own field may show 06/11 as 11/06. */

const HEADS = ["T2", "T3", "T4", "T5", "T6", "T7", "CN"];
const DAY_MS = 86_400_000;
const MOVES = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

const at = (day) => new Date(`${day}T00:00:00Z`);
const written = (date) => date.toISOString().slice(0, 10);
const plusDays = (day, days) => written(new Date(at(day).getTime() + days * DAY_MS));
const monthOf = (day) => day.slice(0, 7);

function plusMonths(day, months) {
  const date = at(`${monthOf(day)}-01`);
  date.setUTCMonth(date.getUTCMonth() + months);
  return written(date);
}

/** The Monday on or before the first of the month: weeks begin on thứ Hai. */
function firstCell(day) {
  const first = `${monthOf(day)}-01`;
  return plusDays(first, -((at(first).getUTCDay() + 6) % 7));
}

export class Calendar {
  /** `title` and `grid` are filled here; `name(day)` says a day in full for those who hear it. */
  constructor({ root, name, onPick }) {
    this.title = root.querySelector(".month-title");
    this.grid = root.querySelector(".month");
    this.name = name;
    this.onPick = onPick;
    this.earlier = root.querySelector("[data-months='-1']");
    for (const button of root.querySelectorAll("[data-months]")) {
      button.addEventListener("click", () => this.turn(Number(button.dataset.months)));
    }
    this.grid.addEventListener("keydown", (event) => this.onKey(event));
    this.grid.addEventListener("click", (event) => {
      const cell = event.target.closest("button");
      if (cell && !cell.disabled) this.onPick(cell.dataset.date);
    });
  }

  open(today) {
    this.today = today;
    this.show(today);
    this.focus();
  }

  turn(months) {
    this.show(plusMonths(this.chosen, months));
  }

  show(day) {
    this.chosen = day < this.today ? this.today : day;
    const [year, month] = this.chosen.split("-");
    this.title.textContent = `Tháng ${Number(month)}/${year}`;
    this.earlier.disabled = monthOf(this.chosen) <= monthOf(this.today);
    const start = firstCell(this.chosen);
    const lastWeek = monthOf(plusDays(start, 35)) === monthOf(this.chosen) ? 42 : 35;
    const cells = Array.from({ length: lastWeek }, (_, index) => this.cell(plusDays(start, index)));
    this.grid.replaceChildren(...HEADS.map((head) => this.head(head)), ...cells);
  }

  head(text) {
    const made = document.createElement("span");
    made.className = "month-head";
    made.setAttribute("aria-hidden", "true");
    made.textContent = text;
    return made;
  }

  cell(day) {
    const made = document.createElement("button");
    const weekday = at(day).getUTCDay();
    made.type = "button";
    made.className = "month-day";
    made.dataset.date = day;
    made.textContent = String(Number(day.slice(8)));
    made.setAttribute("aria-label", this.name(day));
    made.disabled = day < this.today;
    made.tabIndex = day === this.chosen ? 0 : -1;
    made.classList.toggle("is-outside", monthOf(day) !== monthOf(this.chosen));
    made.classList.toggle("is-weekend", weekday === 0 || weekday === 6);
    if (day === this.today) made.setAttribute("aria-current", "date");
    return made;
  }

  onKey(event) {
    const days = MOVES[event.key];
    if (days) this.show(plusDays(this.chosen, days));
    else if (event.key === "PageUp") this.turn(-1);
    else if (event.key === "PageDown") this.turn(1);
    else return;
    event.preventDefault();
    this.focus();
  }

  focus() {
    this.grid.querySelector(`[data-date="${this.chosen}"]`).focus();
  }
}
