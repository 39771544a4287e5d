/** One chat: its transcript, what is new in it, and the box to answer in. Words arrive as text, never as markup. */

import { dayOf, longDay, timeOf } from "./clock.js";

const CHIPS = {
  coordinator: [
    ["Quá hạn", "quá hạn"],
    ["Chờ duyệt", "duyệt"],
    ["Tổng hợp", "tổng hợp"],
    ["Trợ giúp", "trợ giúp"],
  ],
  leader: [
    ["Quá hạn", "quá hạn"],
    ["Tổng hợp", "tổng hợp"],
    ["Trợ giúp", "trợ giúp"],
  ],
  unit_head: [
    ["Việc của đơn vị", "viec"],
    ["Hôm nay", "hôm nay"],
    ["Trợ giúp", "trợ giúp"],
  ],
};
const EXAMPLES = {
  coordinator: "Ví dụ: quá hạn, duyệt",
  leader: "Ví dụ: tổng hợp, quá hạn",
  unit_head: "Ví dụ: 1 xong, viec",
};
const HINTS = {
  coordinator:
    "Bấm «Đến lần nhắc tiếp theo» ở thanh đồng hồ: tình hình buổi sáng của đầu mối sẽ hiện tại đây. Hoặc gõ «quá hạn» để xem việc quá hạn.",
  leader:
    "Việc quá hạn mà đơn vị im lặng lâu ngày và số liệu chiều thứ Sáu sẽ hiện tại đây. Hoặc gõ «tổng hợp» để xem số liệu.",
  unit_head:
    "Bấm «Đến lần nhắc tiếp theo» ở thanh đồng hồ: đến lượt đơn vị này, lời nhắc sẽ hiện tại đây. Hoặc gõ «viec» để xem việc của đơn vị.",
};
const MARKS = { "🔴": "late", "🟡": "soon", "⚪": "ample" };
const COMMON_WORDS = new Set(["đầu", "mối", "sở", "ubnd", "huyện", "xã", "phường", "thị", "trấn", "thành", "phố", "tx", "tp", "tỉnh"]);
const KEPT = 500;

const make = (template) => document.getElementById(template).content.firstElementChild.cloneNode(true);

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** "Sở Tư pháp" -> TP, "Đầu mối Sở TT&TT" -> TT: two letters that tell the columns apart at a glance. */
function initials(title) {
  const words = title.split(/\s+/);
  const telling = words.filter((word) => !COMMON_WORDS.has(word.toLowerCase()));
  const chosen = telling.length > 0 ? telling : words;
  const letters = chosen.length > 1 ? chosen.slice(0, 2).map((word) => [...word][0]).join("") : chosen[0].slice(0, 2);
  return letters.toUpperCase();
}

/** When a line breaks, a number stays with its noun, a weekday with its date, a short aside or quotation whole. */
function bind(text) {
  return text
    .replace(/\([^()\n]{1,24}\)|"[^"\n]{1,18}"/gu, (aside) => aside.replaceAll(" ", "\u00a0"))
    .replace(/(?<![\p{L}\d])(\d+) (?=\p{L})/gu, "$1\u00a0")
    .replace(/thứ (Hai|Ba|Tư|Năm|Sáu|Bảy) (?=\d)/gu, "thứ\u00a0$1\u00a0")
    .replace(/ (?=·)/gu, "\u00a0");
}

function fillLine(line, text) {
  for (const part of bind(text).split(/(🔴|🟡|⚪)/u)) {
    if (!part) continue;
    if (!(part in MARKS)) {
      line.append(part);
      continue;
    }
    const mark = element("span", `mark mark-${MARKS[part]}`, part);
    mark.setAttribute("aria-hidden", "true"); // the words beside it say the same
    line.append(mark);
  }
}

/** One block per line, so that a wrapped line hangs under its own beginning and not under the number. */
function fillText(container, text, isFromBot) {
  const lines = text.split("\n");
  for (const [index, written] of lines.entries()) {
    const bare = written.trimStart();
    const line = element("span", "line");
    if (isFromBot) {
      line.classList.toggle("is-first", index === 0 && lines.length > 1);
      line.classList.toggle("is-item", /^\d+(\.| ·) /u.test(bare));
      const indent = written.length - bare.length;
      line.classList.toggle("is-nested", indent === 2);
      line.classList.toggle("is-under", indent > 2);
      line.classList.toggle("is-marked", bare.length > 0 && [...bare][0] in MARKS);
    }
    fillLine(line, isFromBot ? bare : written);
    container.append(line);
  }
}

/** 240 KB, 1,4 MB: as the messages say it. */
function sizeOf(bytes) {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1).replace(".", ",")} MB`;
}

export class Chat {
  constructor(about, { say, tap, attach, complain, onUnread }) {
    Object.assign(this, { about, say, tap, attach, complain, onUnread });
    this.byRef = new Map();
    this.lastDay = null;
    this.seen = 0;
    this.unread = 0;
    this.isEngaged = false;
    this.isFollowing = true;
    this.placedAt = 0;
    this.replyingTo = null;
    this.divider = null;
    this.build();
  }

  build() {
    const { id, title, subtitle, role } = this.about;
    this.root = make("chat-template");
    this.root.id = `chat-${id}`;
    this.root.dataset.chat = id;
    this.root.dataset.role = role;
    this.log = this.root.querySelector(".log");
    this.field = this.root.querySelector("textarea");
    this.badge = this.root.querySelector(".badge");
    this.jump = this.root.querySelector(".jump");
    this.replying = this.root.querySelector(".replying");
    const heading = this.root.querySelector("h2");
    heading.textContent = title;
    heading.id = `chat-${id}-title`;
    this.root.setAttribute("aria-labelledby", heading.id);
    this.log.setAttribute("aria-label", `Tin nhắn của khung ${title}`);
    this.root.querySelector(".chat-name p").textContent = subtitle;
    this.root.querySelector(".disc").textContent = initials(title);
    this.root.querySelector(".empty-hint").textContent = HINTS[role] ?? HINTS.unit_head;
    this.field.placeholder = EXAMPLES[role] ?? EXAMPLES.unit_head;
    this.field.setAttribute("aria-label", `Nhắn tin ở khung ${title}`);
    this.buildChips(CHIPS[role] ?? CHIPS.unit_head);
    this.listen();
  }

  buildChips(chips) {
    for (const [label, text] of chips) {
      const chip = element("button", "chip", label);
      chip.type = "button";
      chip.title = `Gõ: ${text}`;
      chip.addEventListener("click", () => this.send(text));
      this.root.querySelector(".chips").append(chip);
    }
  }

  listen() {
    this.root.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.picker = this.root.querySelector(".attach input");
    this.picker.setAttribute("aria-label", `Gửi tệp ở khung ${this.about.title}`);
    this.picker.addEventListener("change", () => this.sendFile());
    this.field.addEventListener("keydown", (event) => this.onKey(event));
    this.field.addEventListener("input", () => this.fitField());
    this.replying.querySelector("button").addEventListener("click", () => this.replyTo(null));
    this.jump.addEventListener("click", () => this.toEnd());
    this.log.addEventListener("scroll", () => this.onScroll(), { passive: true });
    new ResizeObserver(() => this.isFollowing && this.place()).observe(this.log);
  }

  onKey(event) {
    // Vietnamese is typed through an input method: Enter may only be ending a syllable
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      this.submit();
    }
    if (event.key === "Escape" && this.replyingTo) this.replyTo(null);
  }

  fitField() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight + 2, 132)}px`;
  }

  async submit() {
    const text = this.field.value.trim();
    if (!text) return;
    const replyingTo = this.replyingTo;
    this.field.value = "";
    this.fitField();
    this.replyTo(null);
    if (await this.send(text, replyingTo)) return;
    if (!this.field.value) this.field.value = text; // nothing typed is lost with a refusal
    this.replyTo(replyingTo);
    this.fitField();
  }

  async sendFile() {
    const [file] = this.picker.files;
    if (!file) return;
    const words = this.field.value.trim();
    const wasSent = await this.attempt(() => this.attach(this.about.id, file, words));
    this.picker.value = "";
    if (!wasSent) return;
    this.field.value = "";
    this.fitField();
  }

  async send(text, replyingTo = null) {
    return this.attempt(() => this.say(this.about.id, text, replyingTo?.ref ?? null));
  }

  async attempt(act) {
    this.isFollowing = true;
    this.log.setAttribute("aria-busy", "true");
    this.complain(null);
    try {
      await act();
      return true;
    } catch (problem) {
      this.complain(problem.message);
      return false;
    } finally {
      this.log.removeAttribute("aria-busy");
    }
  }

  replyTo(message) {
    this.replyingTo = message;
    this.replying.hidden = message === null;
    this.replying.querySelector("p").textContent = message ? `Trả lời: ${message.text.split("\n")[0]}` : "";
    if (message) this.field.focus();
  }

  /** `isFirst`: what was there before the page was opened comes in quietly, at the end of the transcript. */
  add(messages, { isFirst }) {
    if (messages.length === 0) return;
    this.log.querySelector(".empty")?.remove();
    for (const message of messages) this.append(message, { isFirst });
    while (this.byRef.size > KEPT) this.dropOldest();
    if (this.isEngaged) this.markSeen();
    this.showUnread();
    if (this.isFollowing || isFirst) this.place();
    this.jump.hidden = this.isFollowing;
  }

  append(message, { isFirst }) {
    this.byRef.set(message.ref, message);
    const isNew = message.is_from_bot && message.version > this.seen;
    if (isNew) this.unread += 1;
    if (isNew && !this.isEngaged && !this.divider) {
      this.divider = element("p", "divider");
      this.divider.append(element("span", "", "mới"));
      this.log.append(this.divider);
    }
    const day = dayOf(message.at);
    if (day !== this.lastDay) this.log.append(element("p", "day", longDay(day)));
    this.lastDay = day;
    const shown = this.render(message);
    shown.classList.toggle("is-arriving", !isFirst);
    this.log.append(shown);
    this.last = message.version;
  }

  render(message) {
    const shown = make("message-template");
    const text = shown.querySelector(".text");
    shown.dataset.ref = message.ref;
    shown.classList.add(message.is_from_bot ? "from-bot" : "from-person");
    shown.classList.toggle("is-tap", message.is_tap);
    shown.querySelector(".who").textContent = message.is_from_bot ? "Đôn Đốc: " : "Anh/Chị: ";
    if (message.text) fillText(text, message.is_tap ? `Đã bấm «${message.text}»` : message.text, message.is_from_bot);
    const time = shown.querySelector("time");
    time.dateTime = message.at;
    time.textContent = timeOf(message.at);
    this.renderCited(shown.querySelector(".cited"), message);
    this.renderFile(text, message);
    this.renderReply(shown.querySelector(".reply"), message);
    this.renderKeys(shown.querySelector(".keys"), message);
    return shown;
  }

  renderCited(cited, message) {
    const original = message.is_tap ? null : this.byRef.get(message.reply_to);
    if (!original) return;
    cited.textContent = original.text.split("\n")[0];
    cited.hidden = false;
  }

  renderFile(text, { ref, file }) {
    if (!file) return;
    const link = element("a", "file", `${file.name} (${sizeOf(file.size)})`);
    link.href = `api/files/${encodeURIComponent(ref)}`;
    link.download = file.name;
    if (file.is_photo) {
      const picture = element("img", "picture");
      picture.src = link.href;
      picture.alt = "";
      picture.addEventListener("load", () => this.isFollowing && this.place());
      link.prepend(picture);
    }
    text.after(link);
  }

  renderReply(button, message) {
    if (!message.is_from_bot) return button.remove();
    button.setAttribute("aria-label", `Trả lời tin: ${message.text.split("\n")[0]}`);
    button.addEventListener("click", () => this.replyTo(message));
  }

  renderKeys(keys, message) {
    if (message.buttons.length === 0) return keys.remove();
    keys.setAttribute("role", "group");
    keys.setAttribute("aria-label", "Nút trả lời nhanh");
    for (const row of message.buttons) {
      const line = element("div", "key-row");
      for (const { label, command } of row) {
        const key = element("button", "key", label);
        key.type = "button";
        key.title = `Gõ: ${command}`;
        key.addEventListener("click", () => this.press(key, message.ref, command));
        line.append(key);
      }
      keys.append(line);
    }
  }

  async press(key, ref, command) {
    if (key.getAttribute("aria-busy") === "true") return;
    key.setAttribute("aria-busy", "true");
    await this.attempt(() => this.tap(this.about.id, ref, command));
    key.removeAttribute("aria-busy");
  }

  dropOldest() {
    const ref = this.byRef.keys().next().value;
    this.byRef.delete(ref);
    this.log.querySelector(`[data-ref="${CSS.escape(ref)}"]`)?.remove();
  }

  /** The person is here: what has arrived is read, and what arrives meanwhile is not "new". */
  engage(isEngaged) {
    this.isEngaged = isEngaged;
    this.log.setAttribute("aria-live", isEngaged ? "polite" : "off");
    if (isEngaged) this.markSeen();
  }

  markSeen() {
    this.seen = this.last ?? 0;
    this.unread = 0;
    this.showUnread();
    this.divider?.classList.add("is-read");
    this.divider = null;
  }

  showUnread() {
    const count = this.unread > 99 ? "99+" : String(this.unread);
    this.badge.hidden = this.unread === 0;
    this.badge.textContent = `${count} mới`;
    this.onUnread(this);
  }

  /** At the end, unless more has come than fits: then at the first unread line, to be read downwards. */
  place() {
    const newest = this.divider ?? this.log.lastElementChild;
    const end = this.log.scrollHeight - this.log.clientHeight;
    this.log.scrollTop = Math.max(0, Math.min(end, (newest?.offsetTop ?? 0) - 10));
    this.placedAt = this.log.scrollTop;
  }

  toEnd() {
    this.isFollowing = true;
    this.jump.hidden = true;
    this.log.scrollTop = this.log.scrollHeight;
    this.placedAt = this.log.scrollTop;
  }

  onScroll() {
    if (Math.abs(this.log.scrollTop - this.placedAt) < 4) return;
    this.placedAt = this.log.scrollTop;
    this.isFollowing = this.log.scrollHeight - this.log.clientHeight - this.log.scrollTop < 60;
    if (this.isFollowing) this.jump.hidden = true;
  }
}
