/* A page that comes back into view after the user's day has ended shows the new one; so does one that the browser
   held in its back-forward cache. */
{
  const isBusy = () => document.querySelector(".htmx-request");
  const isTyped = () =>
    [...document.querySelectorAll("input:not([type=hidden]), textarea")].some((field) => field.value !== field.defaultValue);

  const refresh = () => (isTyped() ? window.askTruth(8) : location.reload());

  const look = () => {
    const ends = document.body.dataset.dayEnds;
    if (document.hidden || isBusy() || !ends || Date.now() < Number(ends)) return;
    // Once for each end of a day: a clock that runs ahead of the server's must not reload for ever.
    if (sessionStorage.dayTurned === ends) return;
    sessionStorage.dayTurned = ends;
    refresh();
  };

  document.addEventListener("visibilitychange", look);
  addEventListener("focus", look);
  addEventListener("pageshow", (event) => {
    if (event.persisted && !isBusy()) refresh();
  });
  // A fragment brings the end of the day that it shows.
  document.addEventListener("htmx:after:swap", () => {
    const { dayEnds } = document.getElementById("main").dataset;
    if (dayEnds) document.body.dataset.dayEnds = dayEnds;
  });
}
