/* The joy of a press: the XP that it is going to earn rises from the tick, the bar shows it, the pet hops. All of it
   starts with the press and ends by itself, however soon the answer comes; a second press during a hop only adds XP. */
{
  const LASTS = 700; // Milliseconds, as in habit.css and moment.css.

  const mark = (item, name, value) => {
    if (!item || name in item.dataset) return;
    item.dataset[name] = value;
    setTimeout(() => delete item.dataset[name], LASTS);
  };

  // Several presses may be on their way at once.
  const coming = () =>
    [...document.querySelectorAll("li.htmx-request .commit")].reduce((sum, form) => sum + Number(form.dataset.gain), 0);

  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    const { gain } = ctx.sourceElement.dataset;
    if (!gain) return;
    const pet = document.getElementById("pet");
    const bar = pet?.querySelector(".gain");
    if (bar) bar.value = bar.previousElementSibling.value + coming();
    mark(pet, "hop", "");
    mark(ctx.sourceElement.closest("li"), "gained", `+${gain}`);
  });

  // What did not happen leaves nothing behind: the row is as it was, at once.
  const forget = ({ detail: { ctx } }) => {
    delete ctx?.sourceElement.closest?.("li")?.dataset.gained;
    delete document.getElementById("pet")?.dataset.hop;
  };
  document.addEventListener("htmx:error", forget);
  document.addEventListener("htmx:response:error", forget);
}
