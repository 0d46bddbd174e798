/* A morph keeps the focus where the browser can move a node; elsewhere, and after an undo whose button is gone,
   the focus goes back to the same id, or to the tick of the same row. */
{
  let focused, row;

  document.addEventListener("htmx:before:swap", () => {
    focused = document.activeElement?.id;
    row = document.activeElement?.closest("li[id]")?.id;
  });

  document.addEventListener("htmx:after:swap", () => {
    if (document.activeElement && document.activeElement !== document.body) return;
    const same = focused && document.getElementById(focused);
    const tick = row && document.querySelector(`#${row} .tick`);
    (same || tick)?.focus?.({ preventScroll: true });
  });
}

/* What the keyboard reaches is between the bars. WebKit alone does not heed the scroll-padding of base.css when Tab
   scrolls. */
document.addEventListener("focusin", ({ target }) => {
  if (target.matches("main :focus-visible:not(.pet *)")) target.scrollIntoView({ block: "nearest" });
});
