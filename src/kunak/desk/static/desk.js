// Keys, and a sync mark that stays true while a page stands open. Every page works without this file.
"use strict";
const find = (what, root = document) => root.querySelector(what);
const all = (what, root = document) => [...root.querySelectorAll(what)];
let before = "";

function lines() { return all(".lines li"); }

function step(by) {
  const list = lines();
  if (!list.length) return;
  const at = list.findIndex((line) => line.classList.contains("here"));
  const next = list[Math.max(0, Math.min(list.length - 1, at + by))];
  list.forEach((line) => line.classList.remove("here"));
  next.classList.add("here");
  find("a.who", next)?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function press(what) {
  const target = find(what);
  if (!target) return false;
  if (target.matches("textarea, input")) {
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.focus();
    target.scrollIntoView({ block: "center" });
  } else target.click();
  return true;
}

function keys() {
  let dialog = find("dialog.keys:not(template *)");
  if (!dialog) {
    document.body.append(find("#keys").content.cloneNode(true));
    dialog = find("body > dialog.keys");
  }
  dialog.showModal();
}

const GO = { i: "/inbox", c: "/cases", t: "/tasks", s: "/sync", h: "/help" };

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && typing?.form) {
    event.preventDefault();
    typing.form.requestSubmit();
    return;
  }
  if (event.key === "Escape" && typing) { typing.blur(); return; }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  // The letter on the key, whatever the keyboard's language: a Russian keyboard must not switch for every step.
  const key = event.key === "?" || event.key === "/" ? event.key
    : event.code === "Slash" ? (event.shiftKey ? "?" : "/")
    : event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
  const went = before === "g" && GO[key];
  before = key;
  if (went) { location.assign(went); event.preventDefault(); return; }
  const here = find(".lines li.here");
  let done = true;
  if (key === "j") step(1);
  else if (key === "k") step(-1);
  else if (key === "x" && here) find("input[type=checkbox]", here)?.click();
  else if (key === "?") keys();
  else if (key === "/") press("input[type=search]");
  else if ("rntl".includes(key) && key.length === 1) done = press(`[data-key="${key}"]`);
  else done = false;
  if (done) event.preventDefault();
});

// A double press must not send twice.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) { event.preventDefault(); return; }
  if (event.target.method === "post") event.target.dataset.sent = "1";
});
window.addEventListener("pageshow", () => all("form").forEach((form) => delete form.dataset.sent));

// Text that is being written is not left behind without a question.
let written = false;
document.addEventListener("input", (event) => { if (event.target.matches("textarea")) written = true; });
document.addEventListener("submit", () => { written = false; });
window.addEventListener("beforeunload", (event) => { if (written) event.preventDefault(); });

let woke = 0;
document.addEventListener("input", () => {
  if (Date.now() - woke < 30000) return;
  woke = Date.now();
  fetch("/awake", { method: "POST" }).catch(() => {});
});

async function refresh() {
  try {
    const answer = await fetch("/status", { headers: { accept: "text/html" } });
    if (answer.status === 423 && !written) { location.reload(); return; }
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const mark = find("#sync", page);
    if (mark) find("#sync")?.replaceWith(mark);
    const watch = find("#watch", page);
    // Spoken anew only when something changed.
    if (watch && watch.textContent !== find("#watch")?.textContent) find("#watch")?.replaceWith(watch);
  } catch { /* the desk was closed; what is on the screen stays */ }
}
if (find("#sync")) setInterval(refresh, 10000);

all("select[data-insert]").forEach((select) => select.addEventListener("change", () => {
  const option = select.selectedOptions[0];
  const area = document.getElementById(select.dataset.insert);
  if (!area || !option?.dataset.text) return;
  const [from, to] = [area.selectionStart, area.selectionEnd];
  area.setRangeText(option.dataset.text, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
  select.selectedIndex = 0;
}));
