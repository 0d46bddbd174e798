/* Single keys for those who have them switched on: j and k go from row to row, c commits, u takes back, ? shows the
   keys. The keys never reach a field that is typed in, and press what a pointer could press now: Undo rests first.
   Fetched with the first key (first-key.js), which `act` is given like every key after it. */
export let act;
{
  const go = (step) => {
    const ticks = [...document.querySelectorAll("li.habit .tick")].filter((tick) => tick.checkVisibility());
    const place = ticks.findIndex((tick) => tick.closest("li") === row());
    const next = place < 0 ? ticks.at(step > 0 ? 0 : -1) : ticks[place + step];
    // After a press of the mouse WebKit would draw no ring.
    next?.focus({ focusVisible: true });
  };

  const row = () => document.activeElement.closest("li.habit");

  const press = (selector) => {
    const button = row()?.querySelector(selector);
    if (!button || getComputedStyle(button).pointerEvents === "none") return;
    // What is pressed may go away with the answer; the tick stays.
    row().querySelector(".tick").focus();
    button.click();
  };

  // The list comes when it is first asked for, with its stylesheet; without a network the next press asks again.
  let list = null;
  const show = async () => {
    list ??= fetched();
    const dialog = await list;
    if (!dialog) list = null;
    else if (!dialog.open) dialog.showModal();
  };

  const fetched = async () => {
    const answer = await fetch("/settings/keys", { headers: { "HX-Request": "true" } }).catch(() => null);
    const page = new DOMParser().parseFromString(answer?.ok ? await answer.text() : "", "text/html");
    const content = page.querySelector(".keys");
    if (!content) return null;
    const dialog = Object.assign(document.createElement("dialog"), { id: "keys" });
    dialog.setAttribute("aria-labelledby", "keys-title");
    dialog.setAttribute("closedby", "any");
    dialog.append(content);
    document.body.append(dialog);
    const sheet = content.querySelector("link");
    await new Promise((resolve) => { sheet.onload = sheet.onerror = resolve; });
    return dialog;
  };

  const acts = {
    j: () => go(1),
    k: () => go(-1),
    c: () => press(".commit .tick"),
    u: () => press(".undo button"),
    "?": show,
  };

  // Caps Lock is no other key; in an alphabet without these letters their places on the keyboard count.
  const keyOf = ({ key, code, shiftKey }) => {
    if (key === "?" || shiftKey) return key;
    return /^[a-z]$/i.test(key) ? key.toLowerCase() : code.replace("Key", "").toLowerCase();
  };

  const isMeant = (event) =>
    !event.ctrlKey && !event.altKey && !event.metaKey && !event.isComposing && !event.defaultPrevented &&
    !event.target.closest?.("input, textarea, select, [contenteditable]") &&
    !document.querySelector("dialog:modal");

  act = (event) => {
    const key = keyOf(event);
    if (!Object.hasOwn(acts, key) || !isMeant(event)) return;
    event.preventDefault();
    // Held down, a key goes on from row to row, and presses once.
    if (!event.repeat || "jk".includes(key)) acts[key]();
  };

  // All of a dialog is inside its one child: a click on the dialog itself is one beside it.
  document.addEventListener("click", ({ target }) => {
    if (target.matches?.("dialog, [data-close]")) target.closest("dialog").close();
  });
}
