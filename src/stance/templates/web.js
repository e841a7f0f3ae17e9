// Drop a file anywhere on the page: it is put into the form's own field, as if it had been chosen there.
const field = document.getElementById("file");
document.querySelector(".dragging").hidden = false;
const holdsFile = (event) => [...event.dataTransfer.types].includes("Files");
const show = (on) => document.body.classList.toggle("over", on);
addEventListener("dragover", (event) => {
  if (!holdsFile(event)) return;
  event.preventDefault();
  show(true);
});
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) show(false);
});
addEventListener("drop", (event) => {
  show(false);
  if (!holdsFile(event)) return;
  event.preventDefault();
  field.files = event.dataTransfer.files;
  field.focus();
});
