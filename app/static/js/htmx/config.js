/* How HTMX is set up. It reads this from a <meta>, which every page would carry; so the script that brings HTMX brings it,
   and before it. */
document.head.append(
  Object.assign(document.createElement("meta"), {
    name: "htmx-config",
    content: JSON.stringify({
      noSwap: [204, 304, "4xx", "5xx"],
      history: false,
      includeIndicatorCSS: false,
      extensions: "none",
      defaultTimeout: 8000,
      morphIgnore: ["data-htmx-powered", "open", "data-hop", "data-gained"],
    }),
  }),
);
