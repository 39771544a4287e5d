// Goes from a row to its words in the letter and back, from one question to the next, and between the tabs of a phone.

const panes = document.querySelector(".panes");
const isNarrow = matchMedia("(max-width: 859px)");

function show(tab) {
  panes.dataset.shows = tab;
  for (const link of document.querySelectorAll("[data-tab]")) {
    if (link.dataset.tab === tab) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function mark(number) {
  for (const each of document.querySelectorAll(".is-now")) each.classList.remove("is-now");
  document.getElementById(`viec-${number}`)?.classList.add("is-now");
  for (const quote of document.querySelectorAll(`.quote[data-numbers~="${number}"]`)) quote.classList.add("is-now");
}

function toSource(number) {
  mark(number);
  show("source");
  const place = document.getElementById(`nguon-${number}`);
  place?.scrollIntoView({ block: "center" });
  place?.focus({ preventScroll: true });
}

function toDuty(number) {
  mark(number);
  show("draft");
  const duty = document.getElementById(`viec-${number}`);
  duty?.scrollIntoView({ block: isNarrow.matches ? "start" : "center" });
  duty?.querySelector("textarea, a")?.focus({ preventScroll: true });
}

let asked = null; // the question that was gone to last, while the focus stays in its row

function toQuestion(step) {
  const questions = [...document.querySelectorAll(".question")];
  if (!questions.length) return;
  show("draft");
  const next = questions[nextOf(questions, step)];
  asked = next.id;
  // what has no box of its own is answered in one of the row
  const box = next.dataset.box && next.closest("[data-piece]").querySelector(`[name="${next.dataset.box}"]`);
  (box || next).scrollIntoView({ block: "center" });
  (box || next).focus({ preventScroll: true });
}

function nextOf(questions, step) {
  const active = document.activeElement;
  const row = active.closest("[data-piece]");
  const here = questions.findIndex(
    (each) => each.contains(active) || (each.id === asked && each.closest("[data-piece]") === row),
  );
  if (here >= 0) return (here + step + questions.length) % questions.length;
  const after = questions.findIndex(
    (each) => active.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  const isInside = active.closest("#ban-nhap") !== null;
  if (!isInside || after < 0) return step > 0 ? 0 : questions.length - 1;
  return step > 0 ? after : (after - 1 + questions.length) % questions.length;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  const quote = event.target.closest(".quote");
  const number = link?.getAttribute("href")?.match(/^#(nguon|viec)-(\d+)$/);
  if (number) {
    event.preventDefault();
    (number[1] === "nguon" ? toSource : toDuty)(number[2]);
  } else if (link?.dataset.tab) {
    event.preventDefault();
    show(link.dataset.tab);
    scrollTo(0, 0);
  } else if (link?.dataset.step) {
    event.preventDefault();
    toQuestion(Number(link.dataset.step));
  } else if (quote && !String(getSelection())) {
    toDuty(quote.dataset.numbers.split(" ")[0]);
  }
});

document.addEventListener("focusin", ({ target }) => {
  const number = target.closest(".duty[data-number]")?.dataset.number;
  if (!number) return;
  mark(number);
  if (!isNarrow.matches) document.getElementById(`nguon-${number}`)?.scrollIntoView({ block: "center" });
});

function live() {
  const questions = document.querySelectorAll(".question").length;
  for (const link of document.querySelectorAll("[data-step]")) {
    link.hidden = questions < 2 && link.dataset.step === "-1";
  }
}

document.addEventListener("pieces", live);
live();

const start = location.hash.match(/^#(viec|dau|cau)-[a-z0-9_]+$/);
if (start) document.querySelector(location.hash)?.scrollIntoView({ block: "center" });
