/* What comes once is told to its end: what is not told yet stays when something else is said, and follows it. Of what has
   gathered three sentences come one after the other (toast.css), and the rest is a list. Comes with the first of it
   (ui/toast.html); as a module it runs once, however often it comes. */
{
  const SEEN = 1500; // Milliseconds on the screen, and it was told.
  const ONE_BY_ONE = 3;

  const isTold = (item) => {
    const [come, gone] = item.getAnimations();
    return !gone || gone.currentTime - come.effect.getTiming().delay > SEEN;
  };

  window.untold = () => [...document.querySelectorAll("#toast > [data-once]")].filter((item) => !isTold(item));

  const list = (items) => {
    const rest = document.createElement("ul");
    rest.className = "toast";
    rest.dataset.once = "";
    for (const line of items.flatMap((item) => (item.matches("ul") ? [...item.children] : [item]))) {
      rest.append(Object.assign(document.createElement("li"), { textContent: line.textContent }));
    }
    items[0].before(rest);
    for (const item of items) item.remove();
  };

  document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
    // Whoever takes something back wants to hear no more of it.
    if (ctx.sourceElement?.action?.endsWith("/undo")) return;
    for (const { target, fragment } of tasks) {
      if (target !== "#toast" && target?.id !== "toast") continue;
      const first = fragment.querySelector("[data-once]");
      if (first) first.before(...untold());
      else fragment.append(...untold());
      const rest = [...fragment.querySelectorAll(".toast[data-once]")].slice(ONE_BY_ONE);
      if (rest.length) list(rest);
    }
  });

  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") document.querySelector(".scene[open]")?.close();
  });
}
