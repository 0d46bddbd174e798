/* Two presses of Enter on Undo would take back and commit again: after Undo the keyboard rests as long as the
   pointer does (tick.css), and a key held down presses once. */
{
  const REST = 700; // Milliseconds.
  let undone = -REST;

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Enter" || !event.target.closest?.("li[data-done] button")) return;
      if (event.repeat || event.timeStamp - undone < REST) event.preventDefault();
      else if (event.target.closest(".undo")) undone = event.timeStamp;
    },
    true,
  );
}
