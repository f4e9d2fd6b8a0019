/* Runs before the page is painted, so that the dark never flashes white. */
(function () {
  let chosen = null;
  try { chosen = localStorage.getItem("relmap-theme"); } catch (error) { /* storage is off: follow the system */ }
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.setAttribute("data-bs-theme", chosen || (dark ? "dark" : "light"));
})();
