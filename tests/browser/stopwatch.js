/* Runs before the page's own scripts. Notes, for every click on a row, when a frame showed it like a kept one, and
   every sentence that was said. Timestamps are the page's own, in milliseconds. */
{
  const watch = (window.watch = { presses: [], said: [] });
  const marks = (row) => `${row.className} ${row.dataset.done}`;
  const look = (row) => {
    const ring = getComputedStyle(row.querySelector(".tick"), "::before");
    return `${getComputedStyle(row).color} ${ring.backgroundColor}`;
  };

  addEventListener(
    "click",
    ({ target, timeStamp }) => {
      const row = target.closest?.("li.habit");
      if (!row) return;
      const model = document.querySelector("li.habit[data-done=true]");
      const before = { marks: marks(row), look: look(row) };
      const press = { id: row.id, at: timeStamp, shown: null, marks: false, look: false };
      watch.presses.push(press);
      const frame = () => {
        press.marks ||= marks(row) !== before.marks;
        press.look ||= look(row) !== before.look && (!model || look(row) === look(model));
        // The frame that begins after this one: by then this one was painted.
        if (press.marks && press.look) requestAnimationFrame(() => (press.shown = performance.now()));
        else if (performance.now() - timeStamp < 3000) requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    },
    true,
  );

  new MutationObserver(() => {
    const sentence = document.getElementById("toast")?.textContent.trim();
    if (sentence && sentence !== watch.said.at(-1)) watch.said.push(sentence);
  }).observe(document, { childList: true, subtree: true });
}
