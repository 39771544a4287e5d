// Names of units are offered for each of several in one box, not only for the first.

const names = [...document.querySelectorAll("#don-vi option")].map((option) => option.value);
const several = document.getElementById("don-vi-tiep");

document.addEventListener("input", ({ target }) => {
  if (!target.matches("[list=don-vi], [list=don-vi-tiep]") || target.name === "value") return;
  const cut = target.value.lastIndexOf(";");
  target.setAttribute("list", cut < 0 ? "don-vi" : "don-vi-tiep");
  if (cut < 0) return;
  const before = `${target.value.slice(0, cut).trim()}; `;
  several.replaceChildren(...names.map((name) => new Option("", before + name)));
});
