/** The clock bar: where the demo's time stands, and the four ways forward. */

import { Calendar } from "./calendar.js";

const WEEKDAYS = ["Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"];

const weekday = (day) => WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()];

/** The server speaks Vietnamese wall time (`2024-10-23T07:55:00+07:00`): cut, never converted to the browser's zone. */
export const dayOf = (civil) => civil.slice(0, 10);
export const timeOf = (civil) => civil.slice(11, 16);

export function longDay(day) {
  const [year, month, date] = day.split("-");
  return `${weekday(day)} ${date}/${month}/${year}`;
}

function dayNote(day, note) {
  if (!note) return "Ngày làm việc";
  return note.toLowerCase() === weekday(day).toLowerCase() ? "Ngày nghỉ" : `Ngày nghỉ: ${note}`;
}

export class ClockBar {
  /** `step(body)` sends one step; it resolves to what was said about it, or throws a sentence. */
  constructor({ step, complain }) {
    this.step = step;
    this.complain = complain;
    this.bar = document.getElementById("bar");
    this.time = document.getElementById("now");
    this.note = document.getElementById("day-note");
    this.said = document.getElementById("clock-said");
    this.picker = document.getElementById("picker");
    this.pickerToggle = document.getElementById("picker-toggle");
    this.calendar = new Calendar({ root: this.picker, name: longDay, onPick: (day) => this.move({ to: day }) });
    this.now = null;
    this.isMoving = false;
    this.listen();
  }

  listen() {
    for (const button of document.querySelectorAll("#steps [data-by]")) {
      button.addEventListener("click", () => this.move({ by: button.dataset.by }));
    }
    for (const button of document.querySelectorAll("#steps [data-to]")) {
      button.addEventListener("click", () => this.move({ to: button.dataset.to }));
    }
    for (const button of document.querySelectorAll("[data-day]")) {
      button.addEventListener("click", () => this.move({ to: button.dataset.day }));
    }
    this.pickerToggle.addEventListener("click", () => this.openPicker(this.picker.hidden));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.picker.hidden) this.openPicker(false);
    });
    document.addEventListener("pointerdown", (event) => {
      if (this.picker.hidden || event.target.closest("#picker, #picker-toggle")) return;
      this.openPicker(false, { keepsFocus: true });
    });
  }

  show(now, note) {
    const day = dayOf(now);
    this.now = now;
    this.time.dateTime = now;
    this.time.textContent = `${longDay(day)} · ${timeOf(now)}`;
    this.note.textContent = dayNote(day, note);
    this.note.classList.toggle("is-off", Boolean(note));
    this.note.hidden = false;
    this.greyPastDays();
  }

  greyPastDays() {
    for (const button of document.querySelectorAll("[data-day]")) {
      button.disabled = this.isMoving || `${button.dataset.day}T08:00:00` <= this.now.slice(0, 19);
    }
  }

  async move(body) {
    if (this.isMoving || this.now === null) return;
    if (!this.picker.hidden) this.openPicker(false);
    const focused = document.activeElement;
    this.setMoving(true);
    this.complain(null);
    this.said.textContent = "Đồng hồ đang chạy…";
    try {
      this.said.textContent = await this.step(body);
    } catch (problem) {
      this.said.textContent = "Đồng hồ đứng yên.";
      this.complain(problem.message);
    } finally {
      this.setMoving(false);
      // a disabled button drops the focus: someone stepping by keyboard would be thrown to the top of the page
      if (document.activeElement === document.body && focused?.isConnected) focused.focus({ preventScroll: true });
    }
  }

  setMoving(isMoving) {
    this.isMoving = isMoving;
    this.bar.setAttribute("aria-busy", String(isMoving));
    for (const button of this.bar.querySelectorAll(".steps button")) button.disabled = isMoving;
    this.greyPastDays();
  }

  openPicker(isOpen, { keepsFocus = false } = {}) {
    if (this.picker.hidden === !isOpen) return;
    this.picker.hidden = !isOpen;
    this.pickerToggle.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) {
      this.calendar.open(dayOf(this.now));
    } else if (!keepsFocus) {
      this.pickerToggle.focus();
    }
  }
}
