// Shows a statement's card beside it, and greys what the filter leaves out. Without it, a tag leads to its card.
const article = document.querySelector("main");
const phone = matchMedia("(max-width: 40rem)");
let statement = null, pinned = false, timer = 0;
const card = () => statement && document.getElementById("n" + statement.id.slice(1));

const hide = () => {
  clearTimeout(timer);
  if (!statement) return;
  card().classList.remove("on");
  card().removeAttribute("style");
  statement.classList.remove("on");
  statement.querySelector(".t")?.removeAttribute("aria-describedby");
  statement = null;
  pinned = false;
};
const show = (next, pin) => {
  clearTimeout(timer);
  if (next !== statement) {
    hide();
    statement = next;
    statement.classList.add("on");
    card().classList.add("on");
    statement.querySelector(".t")?.setAttribute("aria-describedby", card().id);
    if (!phone.matches) place(card(), [...statement.getClientRects()]);
  }
  pinned ||= pin;
};
const place = (box, lines) => {
  const last = lines.at(-1), room = document.documentElement.clientWidth - box.offsetWidth - 16;
  const below = last.bottom + 8 + box.offsetHeight < innerHeight;
  const top = below || lines[0].top < box.offsetHeight + 8 ? last.bottom + 8 : lines[0].top - box.offsetHeight - 8;
  box.style.top = `${top + scrollY}px`;
  box.style.left = `${Math.max(16, Math.min(last.left, room))}px`;
};
const of = (event) => event.target.closest(".s[id]");
const later = () => { timer = setTimeout(hide, 250); };

document.documentElement.classList.add("script");
article.addEventListener("mouseover", (event) => {
  if (pinned) return;
  if (of(event)) show(of(event), false);
  else if (card()?.contains(event.target)) clearTimeout(timer);
  else if (statement) { clearTimeout(timer); later(); }
});
article.addEventListener("focusin", (event) => { if (event.target.matches(".t")) show(of(event), false); });
article.addEventListener("focusout", (event) => { if (event.target.matches(".t") && !pinned) later(); });
document.addEventListener("click", (event) => {
  const inside = card()?.contains(event.target), link = event.target.closest(".t, .notes a");
  if (link) event.preventDefault();
  if (inside && !link) return;
  if (inside || !of(event)) { hide(); return; }
  const again = pinned && of(event) === statement;
  if (again) hide();
  else { if (of(event) !== statement) hide(); show(of(event), true); }
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });

const form = document.getElementById("filter");
const items = [...document.querySelectorAll(".s[id]")];
const choices = [...form.querySelectorAll("select")];
let fitting = items;
const update = () => {
  const chosen = choices.filter((each) => each.value);
  fitting = items.filter((item) => chosen.every((each) => item.dataset[each.dataset.key] === each.value));
  const fits = new Set(fitting);
  for (const item of items) item.classList.toggle("off", !fits.has(item));
  document.getElementById("filter-count").textContent = `${fitting.length} of ${items.length} statements`;
};
form.addEventListener("input", update);
form.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("next").addEventListener("click", () => {
  const below = fitting.find((each) => each.getBoundingClientRect().top > innerHeight / 2 + 4) ?? fitting[0];
  below?.scrollIntoView({ block: "center" });
});
form.hidden = false;
update();
