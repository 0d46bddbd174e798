/* Offers to follow the clock of this device, where the account lives by another. "Not now" is remembered for that zone. */
{
  const zone = (timeZone) => Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;

  const look = () => {
    const notice = document.querySelector("[data-zone]");
    if (!notice) return;
    // Where nothing can be remembered, nothing is asked. A zone has several names, of which the browser says one.
    try {
      const here = zone();
      const { zone: own } = notice.dataset;
      notice.hidden = zone(own) === here || localStorage.zone === here;
      notice.querySelector("b").textContent = here.replaceAll("_", " ");
      notice.querySelector("span").textContent = own.replaceAll("_", " ");
      notice.querySelector("[name=timezone]").value = here;
    } catch {}
  };

  look();
  document.addEventListener("htmx:after:swap", look);
  document.addEventListener("click", ({ target }) => {
    if (!target.matches?.("[data-zone] [type=button]")) return;
    localStorage.zone = zone();
    look();
  });
}
