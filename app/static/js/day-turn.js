/* A page in view turns with the user's day. The server's clock says when; how far the device's own is off is measured
   with every <main>. The new day is morphed in, so what is typed or chosen stays. */
{
  const AGAIN = 15_000; // Milliseconds before another look.
  const SPREAD = 3000; // So that not every page of a time zone asks at once.
  let drawn, offset, timer, told;
  let isDue = false;
  let isAsking = false;

  const main = () => document.getElementById("main");

  const wait = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(turn, pause);
  };

  const turn = async () => {
    isDue = true;
    // What comes into view, or has its answer, is looked at again.
    if (document.hidden || isAsking) return;
    if (document.querySelector(".htmx-request")) return wait(1000);
    isAsking = true;
    const seen = await askTruth(8);
    isAsking = false;
    if (seen === false) {
      told ??= say("old");
      return wait(AGAIN);
    }
    isDue = false;
    told = told?.remove();
  };

  const look = () => {
    const { dayEnds } = main().dataset;
    if (isDue || (dayEnds && Date.now() + offset >= dayEnds)) turn();
  };

  const measure = () => {
    const { dayEnds, now } = main().dataset;
    if (now === drawn) return;
    drawn = now;
    offset = now - Date.now();
    isDue = false;
    // A day that is over where it is drawn is no reason to ask without a pause.
    wait(Math.max(dayEnds - now, AGAIN) + Math.random() * SPREAD);
  };

  measure();
  document.addEventListener("htmx:after:swap", measure);
  document.addEventListener("visibilitychange", look);
  addEventListener("focus", look);
  addEventListener("online", look);
  // What the browser holds for Back shows itself when the server has said that it may: not after a sign-out.
  addEventListener("pagehide", ({ persisted }) => {
    main().inert = persisted;
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) turn();
  });
}
