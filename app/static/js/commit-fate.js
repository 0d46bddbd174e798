/* What became of a press whose answer did not come, or came from something between us and the server.
   The screen has rolled back by itself; here the truth is asked for, and said. */
{
  const PAUSES = [0, 1, 1, 2]; // Seconds before each look; afterwards every PATIENT.
  const AGAIN = 2.5; // Before a second look at a press that the server may still be at.
  const PATIENT = 6;
  // Id of the <li>, "" for other forms: { kept: as it should be now, amount: as it was, collects, looks: left to do }.
  const lost = new Map();
  let tries = -1; // -1: nobody is asking.
  let wake = () => {};

  const pause = (seconds) =>
    new Promise((resolve) => {
      wake = resolve;
      setTimeout(resolve, seconds * 1000);
    });

  const isSaved = ([id, { kept, amount, collects }]) => {
    const row = document.getElementById(id);
    if (collects) return !row?.querySelector(".collect");
    const shown = row?.dataset;
    return shown?.amount === undefined ? shown?.done === String(kept) : shown.amount !== amount;
  };

  const judge = (asked) => {
    const known = asked.filter(([id]) => document.getElementById(id));
    const open = known.filter((entry) => !isSaved(entry));
    if (!known.length) say("current");
    else if (!open.length) say("saved");
    else if (open.some(([, press]) => press.looks === 1)) say("unsaved");
    for (const [id, press] of asked) {
      const isSettled = !open.some(([other]) => other === id) || --press.looks < 1;
      if (isSettled && lost.get(id) === press) lost.delete(id);
    }
  };

  const ask = async () => {
    let seen = false;
    for (tries = 0; lost.size; tries++) {
      await pause(PAUSES[tries] ?? (seen ? AGAIN : PATIENT));
      const asked = [...lost];
      seen = await askTruth(2 + tries);
      if (seen) {
        judge(asked);
        tries = PAUSES.length;
      } else if (tries === PAUSES.length - 1) say("away");
    }
    tries = -1;
  };

  const lose = (form, sentence, id = "", looks = 1) => {
    const item = form.closest("li[data-done]");
    const [kept, collects] = ["/commit", "/collect"].map((end) => form.action.endsWith(end));
    lost.set(item?.id ?? "", { kept, collects, amount: item?.dataset.amount, looks });
    // What the server answered is no riddle: that row stands as it stood before.
    if (item && sentence === "lost") item.dataset.unsure = "";
    say(sentence, id);
    if (tries < 0) return ask();
    tries = -1; // The loop counts on from here.
    wake();
  };

  addEventListener("online", () => wake());

  // After a timeout the server may still be at it: one more look, later.
  document.addEventListener("htmx:error", ({ detail: { ctx, error } }) => {
    if (ctx?.request.method === "POST") lose(ctx.sourceElement, "lost", "", error === "timeout" ? 2 : 1);
  });

  document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
    const { status, headers } = ctx.response;
    const form = ctx.sourceElement;
    const isSwapped = form.matches(`[hx-status\\:${status}], [hx-status\\:${status}\\:inherited] *`);
    // The server's own sentence is the last word, but where it does not know itself.
    const isSaid = ctx.hx.redirect || (/hx-target="#toast"/.test(ctx.text) && !/data-tone="unknown"/.test(ctx.text));
    if (isSwapped || isSaid || ctx.request.method !== "POST") return;
    const id = headers.get("X-Request-Id") ?? "";
    if (status < 500) say("refused", id);
    else lose(form, "broken", id);
  });

  // Something that is no answer of ours, say a hotel's sign-in page, never takes the place of a row.
  document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
    const row = ctx.target;
    const main = tasks.find((task) => task.type === "main" && task.swapSpec.style !== "none");
    if (!main || !row?.matches?.("li[data-done]") || main.fragment.querySelector(`#${row.id}`)) return;
    tasks.length = 0;
    lose(ctx.sourceElement, "broken");
  });
}
