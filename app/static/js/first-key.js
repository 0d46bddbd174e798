/* What single keys do is fetched with the first of them: who has no keyboard never pays for it. */
{
  const { keys } = document.body.dataset;
  let fetched;
  // One promise for all that are pressed meanwhile: several imports of a file end in any order.
  let act = async (event) => {
    ({ act } = await (fetched ??= import(keys)));
    act(event);
  };
  if (keys) document.addEventListener("keydown", (event) => act(event));
}
