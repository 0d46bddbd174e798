/* In the first steps Enter in a field goes on to the next step. Without this it does nothing there. An Enter that ends
   a composition is none: WebKit says so by its number alone. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || !event.target.matches?.(".step input")) return;
  event.preventDefault();
  event.target.closest(".step").querySelector(".onward").click();
});
