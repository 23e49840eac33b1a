(() => {
  "use strict";
  const root = document.documentElement;
  const wanted = new URLSearchParams(location.search).get("theme");
  if (wanted === "dark" || wanted === "light") root.dataset.theme = wanted;
  const dark = () => root.dataset.theme
    ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const toggle = document.getElementById("theme");
  const name = () => { toggle.textContent = dark() ? "Light page" : "Dark page"; };
  toggle.hidden = false;
  toggle.addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; name(); });
  name();

  const choice = document.getElementById("satellite");
  if (choice) {
    choice.closest(".controls").hidden = false;
    choice.addEventListener("change", () => {
      for (const line of document.querySelectorAll(".timeline .sat"))
        line.classList.toggle("on", line.classList.contains("sat-" + choice.value));
    });
  }

  // The shadow of a cut table is easily missed; say it, too.
  const scrolls = [...document.querySelectorAll(".scroll")];
  const tell = () => scrolls.forEach((one) =>
    one.classList.toggle("cut", one.scrollWidth > one.clientWidth + 1));
  addEventListener("resize", tell);
  addEventListener("toggle", tell, true);
  tell();

  const table = document.querySelector("table.provenance");
  const filter = document.getElementById("filter");
  if (!table || !filter) return;
  const rows = () => [...table.querySelectorAll("tbody tr:not(.section)")];
  const total = rows().length;
  filter.closest(".controls").hidden = false;
  filter.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/\s+/);
    let shown = 0;
    for (const row of rows()) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    for (const body of table.tBodies)
      body.hidden = [...body.rows].every((row) => row.hidden || row.classList.contains("section"));
    document.getElementById("shown").textContent = shown + " of " + total + " shown";
  });
  const key = (row, column) => row.cells[column].dataset.sort ?? row.cells[column].textContent;
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const order = new Intl.Collator("en", { numeric: true }).compare;
      const numeric = column === 1;
      const sorted = rows().sort((one, two) => {
        const [a, b] = [key(one, column), key(two, column)];
        return (down ? -1 : 1) * (numeric ? Number(a) - Number(b) : order(a, b));
      });
      // in another order the sections are no longer together
      const body = document.createElement("tbody");
      body.append(...sorted);
      for (const old of [...table.tBodies]) old.remove();
      table.append(body);
    });
  });
})();
