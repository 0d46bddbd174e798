/* A press on a tick that is filled changes nothing, and says where Undo is; not while Undo rests, for that press was the
   second one of a double click. */
document.addEventListener("click", ({ target }) => {
  const undo = target.closest?.(".tick[aria-disabled]")?.closest("li").querySelector(".undo button");
  if (undo && getComputedStyle(undo).pointerEvents !== "none") say("kept", "", "");
});
