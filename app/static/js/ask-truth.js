/* Fetches this page anew and morphs it into <main>: what the server says is what the screen shows.
   Answers true when the truth is on the screen, false when there is no answer yet, nothing when another page is on
   its way. Without HTMX the page is loaded again. */
window.askTruth = async (seconds = 3) => {
  if (!window.htmx) return location.reload();
  try {
    const answer = await fetch(location.pathname + location.search, {
      headers: { "HX-Request": "true", Accept: "text/html" },
      cache: "no-store",
      signal: AbortSignal.timeout(seconds * 1000),
    });
    const login = answer.headers.get("HX-Redirect");
    if (login) return location.assign(login);
    // What is no longer here is shown as the browser shows it.
    if (answer.redirected || answer.status === 404) return location.replace(answer.url);
    if (!answer.ok) return false;
    const swap = {
      text: await answer.text(),
      sourceElement: document.body,
      target: "#main",
      select: "#main",
      swap: "outerMorph",
    };
    await htmx.swap(swap);
    return !swap.stale;
  } catch {
    return false;
  }
};

/* Says one sentence in the toast, and returns its line; `key` names one of its data attributes, `id` is that of the
   answer it is about. */
window.say = (key, id = "", tone = "error") => {
  const toast = document.getElementById("toast");
  const line = document.createElement("p");
  line.className = "toast";
  line.dataset.tone = tone;
  const sentence = toast.dataset[key];
  line.textContent = id ? toast.dataset.ref.replace("%(id)s", id).replace("%(sentence)s", sentence) : sentence;
  toast.replaceChildren(line, ...(window.untold?.() ?? []));
  return line;
};
