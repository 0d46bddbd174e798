/* A morph keeps what was typed. When a form was taken, it goes back to what the server drew. When it was not, the first
   field to mend gets the focus, in the first steps by way of the step that it stands in. */
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const form = ctx.sourceElement.closest?.("form[hx-target='#main'], .more form");
  if (!ctx.response || !form) return;
  if (ctx.response.status < 400) return form.reset();
  const step = form.querySelector("[data-open] h1");
  if (step && location.hash) location.replace(`#${step.id}`);
  form.querySelector("[aria-invalid] input, [aria-invalid]")?.focus();
});
