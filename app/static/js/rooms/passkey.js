/* Asks the browser for a passkey, or to make one, and sends what it says with the form. Where a browser has none the form
   stays hidden. On the sign-in page passkeys are offered in the field of the address too. */
{
  const { PublicKeyCredential: Known } = window;
  const can = Known?.parseRequestOptionsFromJSON && Known.parseCreationOptionsFromJSON;
  let offer = null; // What ends the offer in the field: a browser answers one request at a time.

  const answer = async ({ passkey, options }, more) => {
    const asked = JSON.parse(options);
    const said =
      passkey === "make"
        ? await navigator.credentials.create({ publicKey: Known.parseCreationOptionsFromJSON(asked), ...more })
        : await navigator.credentials.get({ publicKey: Known.parseRequestOptionsFromJSON(asked), ...more });
    return JSON.stringify(said);
  };

  const send = (form, credential) => {
    form.elements.credential.value = credential;
    form.requestSubmit();
  };

  const offered = async (form) => {
    if (!(await Known.isConditionalMediationAvailable?.())) return;
    offer = new AbortController();
    const { signal } = offer;
    // It ends without an answer whenever the button is pressed, or the page is left.
    const credential = await answer(form.dataset, { mediation: "conditional", signal }).catch(() => null);
    if (credential && !signal.aborted) send(form, credential);
  };

  const show = () => {
    offer?.abort();
    for (const form of document.querySelectorAll("[data-passkey]")) {
      form.hidden = !can;
      if (can && form.dataset.passkey === "offer") offered(form);
    }
  };

  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      if (!form.dataset.passkey || form.elements.credential.value) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      offer?.abort();
      const refused = form.querySelector("[data-refused]");
      refused.hidden = true;
      try {
        send(form, await answer(form.dataset));
      } catch {
        refused.hidden = false;
      }
    },
    true,
  );

  show();
  document.addEventListener("htmx:after:swap", show);
}
