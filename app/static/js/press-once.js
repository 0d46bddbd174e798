/* What is pressed twice acts once. Here the browser drops the second press; one that gets through the server knows.
   Two presses of Enter on Undo would take back and commit again: after Undo the keyboard rests as long as the
   pointer does (tick.css), and a key held down presses once. A ring that fills step by step rests too after each. */
{
  const REST = 700; // Milliseconds.
  let undone = -REST;

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Enter" || !event.target.closest?.("li[data-done] button")) return;
      if (event.repeat || event.timeStamp - undone < REST) event.preventDefault();
      else if (event.target.closest(".undo")) undone = event.timeStamp;
    },
    true,
  );

  // The second half of a double click is no press of its own: by then another button may stand there.
  const DOUBLE = 500;
  const NEAR = 12; // Pixels.
  let last;
  const stepped = {}; // When a row that counts was pressed last, by its id.
  const drop = (event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest?.("form button");
      const step = button?.closest("li[data-target] > form")?.closest("li").id;
      if (step) {
        if (event.timeStamp - stepped[step] < REST) return drop(event);
        stepped[step] = event.timeStamp;
      }
      // A key clicks too, with a detail of 0.
      if (!event.detail || !button) return;
      const isSecond =
        last && event.timeStamp - last.timeStamp < DOUBLE &&
        Math.hypot(event.clientX - last.clientX, event.clientY - last.clientY) < NEAR;
      last = event;
      if (isSecond) drop(event);
    },
    true,
  );
  // Who typed in between means it, and so does who was told that nothing was saved.
  for (const meant of ["input", "htmx:error"]) document.addEventListener(meant, () => (last = undefined));
  document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
    if (ctx.response.status >= 500) last = undefined;
  });

  // A form that HTMX does not send (it drops by itself, hx-sync) is on its way until the next page is here.
  const LONGEST = 8000;
  let sent = new WeakMap();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (event.timeStamp - sent.get(form) < LONGEST) event.preventDefault();
    else sent.set(form, event.timeStamp);
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) sent = new WeakMap();
  });
}
