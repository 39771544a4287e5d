/** The page put together: one clock, the chats side by side, and the server's news poured into them. */

import { Chat } from "./chat.js";
import { ClockBar } from "./clock.js";
import { follow, post, postFile } from "./server.js";

const TITLE = document.title;
const GUIDE_KEY = "dondoc-demo-guide";

const area = document.getElementById("chats");
const tabs = document.getElementById("tabs");
const notice = document.getElementById("notice");
const guide = document.getElementById("guide");
const guideToggle = document.getElementById("guide-toggle");
const oneColumn = window.matchMedia("(max-width: 719px)");

const chats = new Map();
let version = 0;
let run = "";
let current = null;
let waiting = [];

function complain(sentence) {
  notice.hidden = !sentence;
  notice.querySelector("p").textContent = sentence ?? "";
}

/* what the person does */

const say = (chat, text, replyTo) => post(`api/chats/${encodeURIComponent(chat)}/messages`, { text, reply_to: replyTo });
const attach = (chat, file, words) => postFile(`api/chats/${encodeURIComponent(chat)}/files`, file, words);
const tap = (chat, ref, command) => post(`api/chats/${encodeURIComponent(chat)}/taps`, { ref, command });

async function step(body) {
  const answer = await post("api/clock", body);
  await shownUpTo(answer.version);
  const arrived = Object.entries(answer.arrived);
  if (arrived.length === 0) return "Không có tin mới.";
  const total = arrived.reduce((sum, [, count]) => sum + count, 0);
  return `${total} tin mới: ${arrived.map(([id]) => chats.get(id).about.title).join(", ")}.`;
}

/** The news travels by another request than the answer: speak of it once it can be seen. */
function shownUpTo(wanted) {
  if (version >= wanted) return Promise.resolve();
  return new Promise((resolve) => waiting.push({ wanted, resolve }));
}

/* what was read, kept for this tab so that a reload does not make old news new */

function rememberSeen() {
  const seen = Object.fromEntries([...chats].map(([id, chat]) => [id, chat.seen]));
  try {
    sessionStorage.setItem("dondoc-demo-seen", JSON.stringify({ run, seen }));
  } catch {
    // a browser that keeps nothing only forgets what was read
  }
}

function recallSeen() {
  try {
    const kept = JSON.parse(sessionStorage.getItem("dondoc-demo-seen"));
    return kept?.run === run ? kept.seen : {};
  } catch {
    return {};
  }
}

/* the columns */

function buildChats(state) {
  const seen = recallSeen();
  current = null;
  chats.clear();
  area.replaceChildren();
  tabs.replaceChildren();
  for (const about of state.chats) {
    const chat = new Chat(about, { say, tap, attach, complain, onUnread });
    chat.seen = seen[about.id] ?? state.version;
    chats.set(about.id, chat);
    area.append(chat.root);
    chat.tab = buildTab(chat);
    tabs.append(chat.tab);
  }
  setCurrent(chats.values().next().value);
  showTabs();
}

function buildTab(chat) {
  const tab = document.createElement("button");
  const name = document.createElement("span");
  const count = document.createElement("span");
  tab.type = "button";
  tab.className = "tab";
  tab.dataset.chat = chat.about.id;
  name.textContent = chat.about.title;
  count.className = "count";
  count.hidden = true;
  tab.append(name, count);
  tab.addEventListener("click", () => goTo(chat));
  return tab;
}

function onUnread(chat) {
  const count = chat.tab?.querySelector(".count");
  if (count) {
    count.hidden = chat.unread === 0;
    count.textContent = chat.unread > 99 ? "99+" : String(chat.unread);
    chat.tab.setAttribute("aria-label", chat.unread ? `${chat.about.title}, ${chat.unread} tin mới` : chat.about.title);
  }
  const total = [...chats.values()].reduce((sum, each) => sum + each.unread, 0);
  document.title = total ? `(${total}) ${TITLE}` : TITLE;
  rememberSeen();
}

/** On a phone one chat is in view: leaving it means it was read, and the others are out of the keyboard's way. */
function setCurrent(chat) {
  if (!chat || chat === current) return;
  if (current && oneColumn.matches) current.markSeen();
  current = chat;
  for (const each of chats.values()) {
    each.tab.setAttribute("aria-current", String(each === chat));
    each.root.inert = oneColumn.matches && each !== chat;
  }
  chat.tab.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function goTo(chat) {
  setCurrent(chat);
  const left = chat.root.offsetLeft - area.firstElementChild.offsetLeft;
  const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  area.scrollTo({ left, behavior: isStill ? "auto" : "smooth" });
}

function showTabs() {
  tabs.hidden = area.scrollWidth <= area.clientWidth + 1;
  for (const chat of chats.values()) chat.root.inert = oneColumn.matches && chat !== current;
}

let settling = 0;
area.addEventListener(
  "scroll",
  () => {
    clearTimeout(settling);
    settling = setTimeout(() => {
      if (!oneColumn.matches) return;
      setCurrent([...chats.values()][Math.round(area.scrollLeft / area.clientWidth)]);
    }, 120);
  },
  { passive: true },
);
new ResizeObserver(showTabs).observe(area);

function engageWith(target) {
  const here = target instanceof Element ? target.closest(".chat") : null;
  for (const chat of chats.values()) {
    const isEngaged = chat.root === here;
    if (isEngaged !== chat.isEngaged || isEngaged) chat.engage(isEngaged);
    if (isEngaged) setCurrent(chat);
  }
}
document.addEventListener("pointerdown", (event) => engageWith(event.target));
document.addEventListener("focusin", (event) => engageWith(event.target));

/* the guide */

function showGuide(isShown) {
  guide.hidden = !isShown;
  guideToggle.setAttribute("aria-expanded", String(isShown));
  try {
    localStorage.setItem(GUIDE_KEY, isShown ? "shown" : "closed");
  } catch {
    // then the guide simply opens again next time
  }
}

function greetWithGuide() {
  let kept = null;
  try {
    kept = localStorage.getItem(GUIDE_KEY);
  } catch {
    // nothing kept, as on a first visit
  }
  const hasRoom = window.matchMedia("(min-width: 1280px) and (min-height: 700px)").matches;
  if (kept === "shown" || (kept === null && hasRoom)) showGuide(hasRoom);
}

guideToggle.addEventListener("click", () => showGuide(guide.hidden));
document.getElementById("guide-close").addEventListener("click", () => {
  showGuide(false);
  guideToggle.focus();
});
for (const button of guide.querySelectorAll("[data-day]")) {
  button.addEventListener("click", () => oneColumn.matches && showGuide(false)); // there it covers the chats
}
notice.querySelector("button").addEventListener("click", () => complain(null));

/* the server's news */

const clock = new ClockBar({ step, complain });

function onState(state, isFirst) {
  if (isFirst) {
    run = state.run;
    buildChats(state);
  }
  version = state.version;
  clock.show(state.now, state.day_note);
  for (const [id, chat] of chats) {
    chat.add(
      state.messages.filter((message) => message.chat === id),
      { isFirst },
    );
  }
  const isShown = ({ wanted }) => isFirst || version >= wanted;
  for (const { resolve } of waiting.filter(isShown)) resolve();
  waiting = waiting.filter((each) => !isShown(each));
}

greetWithGuide();
follow({ onState, onLost: complain, onBack: () => complain(null) });
