/* Drags a pillar, or a habit within its pillar and to another, by its grip; elsewhere a finger scrolls. While it is
   dragged nothing but a line moves in the page: the row itself follows the pointer, and goes where the line is when it is
   dropped. Then one form says so, and the server's order is what stays. Escape takes it all back. */
{
  const EDGE = 80; // Pixels at either end of the window in which the page scrolls along.
  const FASTEST = 16; // Pixels a frame.
  const THRESHOLD = 4; // Pixels before a press is a drag.

  const line = Object.assign(document.createElement("li"), { className: "gap", ariaHidden: "true" });
  let drag = null;

  const order = () => document.querySelector(".order");
  const form = () => document.getElementById("drop");
  const others = (list) => [...list.children].filter((item) => item !== drag.item && item !== line);
  const isBelow = (item) => {
    const { top, height } = item.getBoundingClientRect();
    return drag.y < top + height / 2;
  };

  // The list that the pointer is over, or the nearest, and what the item would stand in front of.
  const target = () => {
    if (!drag.item.dataset.habit) return [order(), others(order()).find(isBelow) ?? null];
    const pillars = [...order().children].filter((pillar) => pillar.dataset.pillar);
    const over = pillars.find((pillar) => drag.y < pillar.getBoundingClientRect().bottom) ?? pillars.at(-1);
    const list = over.querySelector("[data-habits]");
    return [list, others(list).find(isBelow) ?? null];
  };

  const isHome = (list, before) => list === drag.item.parentNode && before === nextOf(drag.item);

  const nextOf = (item) => {
    const next = item.nextElementSibling;
    return next === line ? next.nextElementSibling : next;
  };

  const show = () => {
    const { item } = drag;
    const { top } = item.getBoundingClientRect();
    drag.moved += drag.y - drag.grab - top;
    item.style.translate = `0 ${drag.moved}px`;
    const [list, before] = target();
    if (isHome(list, before)) line.remove();
    else if (line.parentNode !== list || nextOf(line) !== before) list.insertBefore(line, before);
  };

  const scroll = () => {
    if (!drag?.begun) return;
    const bottom = document.querySelector(".nav").getBoundingClientRect().top;
    const end = bottom > EDGE * 3 ? bottom : innerHeight;
    const past = Math.min(0, drag.y - EDGE) + Math.max(0, drag.y - end + EDGE);
    if (past) {
      scrollBy(0, Math.max(-1, Math.min(1, past / EDGE)) * FASTEST);
      show();
    }
    requestAnimationFrame(scroll);
  };

  const begin = () => {
    drag.begun = true;
    // Pillars are moved by their heads alone: with thirty habits nobody would see where to.
    order().dataset.dragged = drag.item.dataset.habit ? "habit" : "pillar";
    drag.item.dataset.lifted = "";
    show();
    requestAnimationFrame(scroll);
  };

  const end = () => {
    const { item, grip, pointer, begun } = drag;
    drag = null;
    if (grip.hasPointerCapture(pointer)) grip.releasePointerCapture(pointer);
    line.remove();
    item.style.translate = "";
    delete item.dataset.lifted;
    delete order()?.dataset.dragged;
    if (begun) item.scrollIntoView({ block: "nearest" });
  };

  const drop = () => {
    if (!drag.begun) return end();
    const { item } = drag;
    const [list, before] = target();
    const stays = isHome(list, before);
    end();
    if (stays) return;
    list.insertBefore(item, before);
    const fields = form().elements;
    fields.habit.value = item.dataset.habit ?? "";
    fields.pillar.value = item.dataset.pillar ?? list.dataset.habits;
    fields.before.value = before?.dataset.habit ?? before?.dataset.pillar ?? "";
    form().requestSubmit();
  };

  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest?.(".grip");
    if (!grip || drag || event.button || !event.isPrimary || form().matches(".htmx-request")) return;
    // No text is marked, and no picture dragged.
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    const item = grip.closest("li");
    const y = event.clientY;
    drag = { item, grip, pointer: event.pointerId, y, from: y, grab: y - item.getBoundingClientRect().top, moved: 0 };
  });

  document.addEventListener("pointermove", ({ pointerId, clientY }) => {
    if (drag?.pointer !== pointerId) return;
    drag.y = clientY;
    if (drag.begun) show();
    else if (Math.abs(clientY - drag.from) >= THRESHOLD) begin();
  });

  document.addEventListener("pointerup", ({ pointerId }) => drag?.pointer === pointerId && drop());
  document.addEventListener("pointercancel", ({ pointerId }) => drag?.pointer === pointerId && end());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drag) return;
    event.preventDefault();
    end();
  });
  // What is drawn anew is not what was taken hold of.
  document.addEventListener("htmx:before:swap", () => drag && end());

  // A drop that was refused without a page of its own: the screen shows it, the server does not.
  document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
    const { status } = ctx.response;
    if (ctx.sourceElement === form() && status < 500 && ![409, 422].includes(status)) window.askTruth();
  });
}
