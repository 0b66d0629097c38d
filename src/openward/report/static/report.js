(() => {
  "use strict";
  const make = (name, props) => Object.assign(document.createElement(name), props);

  function value(row, column) {
    const cell = row.cells[column];
    if (!cell.classList.contains("num")) return cell.textContent.trim().toLocaleLowerCase();
    return cell.dataset.v === undefined ? null : Number(cell.dataset.v);
  }

  function sortBy(table, column, header) {
    const down = header.getAttribute("aria-sort") !== "descending";
    const body = table.tBodies[0];
    const numeric = header.classList.contains("num");
    const descending = numeric ? down : !(header.getAttribute("aria-sort") !== "ascending");
    const rows = [...body.rows].map((row, place) => ({ row, place, key: value(row, column) }));
    rows.sort((a, b) => {
      if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.place - b.place;
      const order = numeric ? a.key - b.key : a.key.localeCompare(b.key);
      return (descending ? -order : order) || a.place - b.place;
    });
    for (const { row } of rows) body.append(row);
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", descending ? "descending" : "ascending");
  }

  function furnish(box) {
    if (box.dataset.ready) return;
    box.dataset.ready = "yes";
    const table = box.querySelector("table");
    const head = make("div", { className: "table-head" });
    if (!box.closest("details")) head.append(make("h3", { textContent: table.caption.textContent }));
    if (Number(box.dataset.rows) > 12) {
      const input = make("input", { type: "search", placeholder: "Filter rows" });
      input.setAttribute("aria-label", "Filter rows: " + table.caption.textContent);
      input.addEventListener("input", () => {
        const word = input.value.trim().toLocaleLowerCase();
        for (const row of table.tBodies[0].rows)
          row.hidden = !row.textContent.toLocaleLowerCase().includes(word);
      });
      head.append(input);
    }
    box.prepend(head);
    [...table.tHead.rows[0].cells].forEach((header, column) => {
      const button = make("button", { type: "button" });
      button.append(header.firstChild);
      header.prepend(button);
      button.addEventListener("click", () => sortBy(table, column, header));
    });
  }

  function copying(block) {
    if (block.dataset.ready) return;
    block.dataset.ready = "yes";
    const button = make("button", { type: "button", textContent: "Copy" });
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.querySelector("code").textContent);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 1500);
    });
    block.querySelector("h3").append(button);
  }

  const tip = make("div", { id: "tip", hidden: true });
  tip.setAttribute("aria-hidden", "true");
  function follow(event) {
    const mark = event.target.closest && event.target.closest(".mark");
    if (!mark) { tip.hidden = true; return; }
    const title = mark.querySelector("title");
    if (title) { mark.dataset.says = title.textContent; title.remove(); }
    if (tip.textContent !== mark.dataset.says) tip.textContent = mark.dataset.says;
    tip.hidden = false;
    const left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
    const above = event.clientY - tip.offsetHeight - 12;
    tip.style.left = Math.max(8, left) + "px";
    tip.style.top = (above > 4 ? above : event.clientY + 18) + "px";
  }

  function ready(root) {
    root.querySelectorAll(".tablebox").forEach(furnish);
    root.querySelectorAll(".code").forEach(copying);
  }
  ready(document);
  document.body.append(tip);
  document.addEventListener("pointermove", follow, { passive: true });
  document.addEventListener("scroll", () => (tip.hidden = true), { passive: true });
  document.addEventListener("htmx:after:swap", () => ready(document));
  addEventListener("beforeprint", () => document.querySelectorAll(".edits details").forEach((d) => (d.open = true)));
})();
