/* Chooses the browser's time zone for someone who has not chosen one. */
for (const select of document.querySelectorAll("select[data-guess-zone]")) {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const untouched = !select.closest("form").querySelector(".error");
  if (untouched && [...select.options].some((option) => option.value === timeZone)) select.value = timeZone;
}
