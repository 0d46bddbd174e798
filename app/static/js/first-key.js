/* What single keys do is fetched with the first of them: who has no keyboard never pays for it. */
{
  const { keys } = document.body.dataset;
  let act = async (event) => {
    ({ act } = await import(keys));
    act(event);
  };
  if (keys) document.addEventListener("keydown", (event) => act(event));
}
