/* In the first steps Enter in a field goes on to the next step. Without this it does nothing there. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches?.(".step input")) return;
  event.preventDefault();
  event.target.closest(".step").querySelector(".onward").click();
});
