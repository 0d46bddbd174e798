/* Says of a field that it is too long, and by how much, in characters as people count them. Nothing is cut: what was
   typed or pasted stays, to be shortened by hand. */
document.addEventListener("input", ({ target }) => {
  const { longest } = target.dataset;
  if (!longest || !Intl.Segmenter) return;
  const text = target.value.trim().replace(/\s+/g, " ");
  const many = [...new Intl.Segmenter().segment(text)].length - longest;
  const { long } = document.getElementById("toast").dataset;
  target.setCustomValidity(many > 0 ? long.replace("%(many)s", many) : "");
  if (many > 0) target.reportValidity();
});
