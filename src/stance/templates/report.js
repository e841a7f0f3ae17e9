// Filters the examples by outcome and label. Without it all examples are shown, and the form is not.
const form = document.getElementById("filter");
if (form) {
  const items = [...document.querySelectorAll("#examples > li")];
  const outcome = document.getElementById("filter-outcome");
  const axes = [...form.querySelectorAll("select[data-axis]")];
  const update = () => {
    let shown = 0;
    for (const item of items) {
      const fits = (!outcome.value || item.dataset.outcome === outcome.value) &&
        axes.every((axis) => !axis.value || item.dataset[axis.dataset.axis].split(" ").includes(axis.value));
      item.hidden = !fits;
      shown += fits;
    }
    document.getElementById("filter-count").textContent = `${shown} of ${items.length} shown`;
  };
  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  update();
}
