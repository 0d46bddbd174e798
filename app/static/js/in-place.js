/* A link to the same page unfolded, or folded again, is followed in place: what is half typed and the focus stay. */
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-in-place]");
  if (!link || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.replaceState(null, "", link.href);
  if ((await askTruth()) === false) location.reload();
});
