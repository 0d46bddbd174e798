/* Writes the browser's time zone for someone who has not chosen one, and marks it where it is typed over. */
for (const field of document.querySelectorAll("[data-guess-zone]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone.replaceAll("_", " ");
  const isKnown = field.list && [...field.list.options].some((option) => option.value === zone);
  if (!field.list || (isKnown && !field.form.querySelector(".error"))) field.value = zone;
}
document.addEventListener("focusin", ({ target }) => target.list && target.select());
