/* What a page does beyond links and forms. Every page works without it; it only saves steps. */
(function () {
  const root = document.documentElement;

  function switchTheme() {
    const theme = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    root.setAttribute("data-bs-theme", theme);
    try { localStorage.setItem("relmap-theme", theme); } catch (error) { /* lasts for this page then */ }
    document.dispatchEvent(new CustomEvent("relmap:theme"));
  }

  function closeMenus(except) {
    document.querySelectorAll("details.rm-menu[open]").forEach(menu => {
      if (menu !== except) menu.open = false;
    });
  }

  document.addEventListener("click", event => {
    if (event.target.closest("[data-theme-switch]")) switchTheme();
    const toggle = event.target.closest("[data-fold-row]");
    if (toggle) foldRow(toggle, toggle.getAttribute("aria-expanded") === "true");
    closeMenus(event.target.closest("details.rm-menu"));
  });

  document.addEventListener("keydown", event => {
    if (event.key === "Escape") closeMenus(null);
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    const search = document.querySelector("[data-search]");
    if (event.key === "/" && !typing && search && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      search.focus();
    }
  });

  /* A form that asks for another look at the same page sends itself when a choice changes. */
  document.addEventListener("change", event => {
    const form = event.target.closest("form[data-auto]");
    if (form && event.target.matches("select, input[type=date]") && event.target.value !== "") form.requestSubmit();
  });

  /* The slider of days: it writes its day into the date field while it moves, and asks when let go. */
  function dayOf(slider) {
    const day = new Date(slider.dataset.first + "T00:00:00Z");
    day.setUTCDate(day.getUTCDate() + Number(slider.value));
    return day.toISOString().slice(0, 10);
  }
  document.addEventListener("input", event => {
    if (event.target.matches("[data-day-slider]")) event.target.form.elements.on.value = dayOf(event.target);
  });
  document.addEventListener("change", event => {
    if (event.target.matches("[data-day-slider]")) event.target.form.requestSubmit();
  });

  /* On a phone the grid opens its first functions and folds the others. */
  function foldRow(toggle, folded) {
    toggle.setAttribute("aria-expanded", String(!folded));
    toggle.closest("tr").classList.toggle("rm-is-folded", folded);
  }
  function foldGrid(part) {
    if (!matchMedia("(max-width: 760px)").matches) return;
    part.querySelectorAll("[data-fold-row]").forEach((toggle, index) => foldRow(toggle, index > 1));
  }
  document.addEventListener("DOMContentLoaded", () => foldGrid(document));

  /* On a phone the tabs scroll: as far as the open one. */
  function showTab(tabs) {
    const tab = tabs.querySelector("[aria-current]");
    if (tab) tabs.scrollLeft = tab.offsetLeft + tab.offsetWidth + 24 - tabs.clientWidth;
  }
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".rm-tabs").forEach(showTab));

  /* What is not ticked need not be filled in. */
  function fillWhereTicked(row) {
    const isTicked = row.querySelector("input[type=checkbox]").checked;
    row.querySelectorAll("select, input[type=date]").forEach(field => { field.disabled = !isTicked; });
  }
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-tick-row]").forEach(fillWhereTicked));
  document.addEventListener("change", event => {
    const row = event.target.closest("[data-tick-row]");
    if (row && event.target.matches("input[type=checkbox]")) fillWhereTicked(row);
  });
  document.addEventListener("htmx:afterSwap", event => foldGrid(event.target));
})();
