/* Answers may arrive in any order: what is older than the screen does not replace it. */
{
  const newest = (root) =>
    Math.max(-1, ...[root, ...root.querySelectorAll("[data-version]")].map((item) => Number(item.dataset.version ?? -1)));

  const isOlder = ({ fragment, target }) => {
    const version = fragment.firstElementChild?.dataset.version;
    const shown = typeof target === "string" ? document.querySelector(target) : target;
    return version !== undefined && shown && Number(version) < newest(shown);
  };

  document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
    for (const task of tasks.filter(isOlder)) {
      tasks.splice(tasks.indexOf(task), 1);
      ctx.stale = true;
      // A whole page that came too late says something about more than one row: ask again.
      if (task.fragment.firstElementChild.id === "main" && ctx.response) window.askTruth();
    }
    // What is still on its way keeps looking so, whatever is drawn around it, until the drawing itself shows it.
    for (const item of document.querySelectorAll("li.htmx-request")) {
      if (ctx.indicators?.includes(item)) continue;
      for (const { fragment } of tasks) {
        const next = fragment.querySelector(`#${item.id}`);
        if (next?.dataset.done === item.dataset.done) next.classList.add("htmx-request");
      }
    }
  });
}
