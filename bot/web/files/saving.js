// Saves a form when something in it was changed, and puts what the server made of it in its place. What somebody
// typed is never overwritten: not by an answer that comes late, not by an error, not by a line that is down.

const OFFLINE = "Chưa lưu được: mất kết nối. Nội dung vừa gõ vẫn còn ở đây; bấm Lưu để thử lại.";

const isBox = (box) => box.matches("input:not([type=hidden]), textarea, select");
const boxesOf = (part) => [...part.querySelectorAll("input, textarea, select")].filter(isBox);
// beside an error a box holds what was typed; what the draft says stands beside it
const inDraft = (box) => {
  const was = box.form?.elements[`was-${box.name}`];
  if (was) return was.value;
  if (!box.matches("select")) return box.defaultValue;
  return [...box.options].find((option) => option.defaultSelected)?.value ?? box.value;
};
const isChanged = (box) => box.value !== inDraft(box);

let queue = Promise.resolve();
let fading = 0;

document.documentElement.classList.add("is-live");

document.addEventListener("input", ({ target }) => {
  const form = target.form;
  if (form?.dataset.form) form.classList.toggle("is-changed", boxesOf(form).some(isChanged));
});

document.addEventListener("change", ({ target }) => {
  const form = target.form;
  if (form?.dataset.form && !("whole" in form.dataset) && target.name !== "answer" && isChanged(target)) save(form);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.form) return;
  event.preventDefault();
  save(form, event.submitter?.name ? event.submitter : null);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.matches("textarea")) {
    event.preventDefault(); // a title is one line
    if (event.target.form?.dataset.form) event.target.form.requestSubmit();
  }
});

// what was just typed is kept before the page is left for the next one
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || link.getAttribute("href").startsWith("#") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  queue = queue.then(() => location.assign(link.href));
});

addEventListener("beforeunload", (event) => {
  if (document.querySelector("form.is-changed, form.is-saving")) event.preventDefault();
});

function save(form, button = null) {
  const pressed = button && { name: button.name, value: button.value };
  queue = queue.then(() => sendOne(form, pressed)).catch(() => say(OFFLINE, true));
}

async function sendOne(asked, pressed) {
  // an earlier answer may have put another element in the place of this form
  const form = asked.isConnected ? asked : document.querySelector(`form[data-form="${asked.dataset.form}"]`);
  if (!form) return;
  const fields = new URLSearchParams(new FormData(form));
  const before = boxesOf(form).map((box) => [box.name, box.value]);
  if (pressed) fields.set(pressed.name, pressed.value);
  else if (!hasNews(form)) return;
  fields.set("phan", "1");
  form.classList.add("is-saving");
  try {
    const answer = await post(form.action, fields);
    take(answer, form.dataset.form, new Map(before));
  } finally {
    form.classList.remove("is-saving");
  }
}

function hasNews(form) {
  if (form.querySelector("[name=key]")) return true;
  if ("whole" in form.dataset) return boxesOf(form).some((box) => !box.matches("select") && box.value.trim());
  return boxesOf(form).some(isChanged);
}

function post(address, fields) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // it alone parses a page without a door for foreign markup
    request.open("POST", address);
    request.responseType = "document";
    request.timeout = 30000;
    request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    request.onload = () => (request.response ? resolve(request.response) : reject(new Error("no page")));
    request.onerror = request.ontimeout = () => reject(new Error("no answer"));
    request.send(fields.toString());
  });
}

function take(answer, form, sent) {
  const told = answer.querySelector("#noi");
  say(told?.textContent ?? OFFLINE, !told || told.hasAttribute("data-error"));
  const version = answer.body?.dataset.version;
  if (!version) return; // the door has closed, or the letter was approved meanwhile: all that was typed stays
  for (const part of answer.querySelectorAll("[data-piece]")) put(document.adoptNode(part), form, sent);
  for (const input of document.querySelectorAll("input[name=ban]")) input.value = version;
  document.dispatchEvent(new CustomEvent("pieces"));
}

function put(part, form, sent) {
  const old = document.getElementById(part.id);
  if (!old) {
    document.getElementById("cac-viec").append(part);
    return;
  }
  const typed = unsaved(old, form, sent);
  const focused = old.contains(document.activeElement) ? placeOf(document.activeElement) : null;
  for (const details of old.querySelectorAll("details[open]")) {
    const same = part.querySelector(`details.${details.className}`);
    if (same) same.open = true;
  }
  old.replaceWith(part);
  for (const { form: name, box, value } of typed) {
    const field = part.querySelector(`form[data-form="${name}"] [name="${box}"]`);
    if (field) {
      field.value = value;
      field.form.classList.add("is-changed");
    }
  }
  for (const each of part.querySelectorAll("form")) {
    if (each.querySelector("[role=alert]")) each.classList.add("is-changed");
  }
  if (focused) focusAgain(part, focused);
}

function unsaved(old, form, sent) {
  const found = [];
  for (const each of old.querySelectorAll("form[data-form]")) {
    for (const box of boxesOf(each)) {
      const isSent = each.dataset.form === form && sent.get(box.name) === box.value;
      if (!isSent && isChanged(box)) found.push({ form: each.dataset.form, box: box.name, value: box.value });
    }
  }
  return found;
}

function placeOf(element) {
  return {
    form: element.form?.dataset.form,
    name: element.name,
    value: element.matches("button") ? element.value : null,
    tag: element.tagName,
    id: element.id,
    start: element.matches("input, textarea") ? element.selectionStart : null,
  };
}

function focusAgain(part, { form, name, id, start, tag }) {
  const again =
    (id && part.querySelector(`#${CSS.escape(id)}`)) ||
    (name && form && tag !== "BUTTON" && part.querySelector(`form[data-form="${form}"] [name="${name}"]`)) ||
    part.querySelector("summary, textarea, input:not([type=hidden]), button:not(.by-enter), a");
  again?.focus({ preventScroll: true });
  if (start !== null && again?.setSelectionRange) again.setSelectionRange(start, start);
}

function say(words, isError) {
  const told = document.getElementById("noi");
  told.classList.toggle("is-error", isError);
  told.textContent = words;
  clearTimeout(fading);
  if (!isError) fading = setTimeout(() => (told.textContent = ""), 8000);
}
