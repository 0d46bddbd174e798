/* A morph keeps what was typed. When a form was taken, it goes back to what the server drew. When it was not, the first
   field to mend gets the focus. */
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const form = ctx.sourceElement;
  if (!ctx.response || !form.matches?.("form[hx-target='#main']")) return;
  if (ctx.response.status >= 400) form.querySelector("[aria-invalid] input, [aria-invalid]")?.focus();
  else form.reset();
});
