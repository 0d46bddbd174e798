/* The calendar of a habit: the address says which day and month are shown, the day that was opened comes into view, and
   the arrow keys go from day to day. */
{
  // HTMX would bring the anchor to the top, and the calendar out of sight.
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    if (!ctx.sourceElement.matches?.("#calendar a")) return;
    ctx.place = ctx.sourceElement.href;
    ctx.request.anchor = "";
  });

  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (!ctx.place || ctx.response.status >= 400) return;
    history.replaceState(history.state, "", ctx.place);
    if (!ctx.place.endsWith("#day")) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    document.getElementById("day")?.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
  });

  const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

  document.addEventListener("keydown", (event) => {
    const cell = event.target.closest?.(".month td");
    const step = STEPS[event.key];
    if (!cell || !step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const isTurned = Math.abs(step) === 1 && getComputedStyle(cell).direction === "rtl";
    const cells = [...cell.closest("tbody").querySelectorAll("td")];
    const next = cells[cells.indexOf(cell) + (isTurned ? -step : step)]?.querySelector("a");
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}
