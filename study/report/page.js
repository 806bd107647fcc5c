"use strict";
// Two conveniences; nothing else on the page needs a script. The first: a button that copies lines of Python.
(() => {
  for (const lines of document.querySelectorAll("pre")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(lines.textContent);
        button.textContent = "Copied";
      } catch {  // not allowed: the lines are chosen instead
        getSelection().selectAllChildren(lines);
        button.textContent = "Chosen: copy with your keyboard";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
    lines.before(button);
  }
})();
// The second: the table of all trials. Click a heading to sort, type or choose to filter.
(() => {
  const table = document.getElementById("trials-table");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row, place) => {
    const texts = [...row.cells].map((cell) => cell.textContent);
    const values = [...row.cells].map((cell) => cell.dataset.value ?? cell.textContent);
    return { row, place, texts, values, all: texts.join(" ").toLowerCase() };
  });
  const number = (text) => {
    if (text.endsWith("Infinity")) return Number(text);
    const power = text.match(/^(-?[\d.]+)(?: × 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?$/);
    if (!power) return Number(text.replaceAll(",", "") || NaN);
    const raised = (power[2] || "⁰").replace(/./g, (sign) => "-0123456789"["⁻⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(sign)]);
    return power[1] * 10 ** raised;
  };
  const compare = (a, b) => {
    const [x, y] = [number(a), number(b)];
    if (!Number.isNaN(x) && !Number.isNaN(y)) return x < y ? -1 : x > y ? 1 : 0;
    if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
    return a.localeCompare(b);
  };
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
      rows.sort((a, b) => sign * compare(a.values[column], b.values[column]) || a.place - b.place);
      body.append(...rows.map(({ row }) => row));
    });
  });
  const find = document.getElementById("find");
  const choices = [...document.querySelectorAll("select[data-column]")];
  const shown = document.getElementById("shown");
  const filter = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { row, texts, all } of rows) {
      const fits = words.every((word) => all.includes(word))
        && choices.every((choice) => !choice.value || texts[choice.dataset.column] === choice.value);
      row.hidden = !fits;
      count += fits;
    }
    shown.value = `${count} of ${rows.length} trials`;
  };
  find.addEventListener("input", filter);
  for (const choice of choices) choice.addEventListener("change", filter);
  document.querySelector(".controls").hidden = false;
  filter();
})();
