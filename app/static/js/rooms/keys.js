/* Single keys for those who have them switched on: j and k go from row to row, c commits, u takes back, ? shows the
   keys. The keys never reach a field that is typed in, and press what a pointer could press now: Undo rests first.
   Fetched with the first key (first-key.js), which `act` is given like every key after it. */
export let act;
{
  const go = (step) => {
    const ticks = [...document.querySelectorAll("li.habit .tick")].filter((tick) => tick.checkVisibility());
    const place = ticks.findIndex((tick) => tick.closest("li") === row());
    const next = place < 0 ? ticks.at(step > 0 ? 0 : -1) : ticks[place + step];
    next?.focus();
  };

  const row = () => document.activeElement.closest("li.habit");

  const press = (selector) => {
    const button = row()?.querySelector(selector);
    if (!button || getComputedStyle(button).pointerEvents === "none") return;
    // What is pressed may go away with the answer; the tick stays.
    row().querySelector(".tick").focus();
    button.click();
  };

  const acts = {
    j: () => go(1),
    k: () => go(-1),
    c: () => press(".commit .tick"),
    u: () => press(".undo button"),
    "?": () => document.getElementById("keys").showModal(),
  };

  const isMeant = (event) =>
    !event.ctrlKey && !event.altKey && !event.metaKey && !event.isComposing && !event.defaultPrevented &&
    !event.target.closest?.("input, textarea, select, [contenteditable]") &&
    !document.querySelector("dialog[open]");

  act = (event) => {
    if (!Object.hasOwn(acts, event.key) || !isMeant(event)) return;
    event.preventDefault();
    // Held down, a key goes on from row to row, and presses once.
    if (!event.repeat || "jk".includes(event.key)) acts[event.key]();
  };

  document.addEventListener("click", ({ target }) => target.closest?.("[data-close]")?.closest("dialog").close());
}
