// The box of the menu: sections whose titles or text have all the words, best first.
"use strict";

const root = document.body.dataset.root;
const box = document.getElementById("search"), found = document.getElementById("found");
let engine = null;

function search(words) {
    if (engine === null) {
        engine = new MiniSearch({ fields: ["title", "page", "text"], storeFields: ["target", "page", "title"] });
        engine.addAll(documents);
    }
    return engine.search(words, { combineWith: "AND", prefix: true, boost: { title: 4, page: 2 } }).slice(0, 12);
}

box.addEventListener("input", () => {
    const results = box.value.trim() === "" ? [] : search(box.value);
    found.replaceChildren(...results.map(({ target, page, title }) => {
        const item = document.createElement("li"), link = document.createElement("a");
        link.href = root + target;
        link.textContent = title === page ? title : `${page}: ${title}`;
        item.append(link);
        return item;
    }));
    if (results.length === 0 && box.value.trim() !== "")
        found.append(Object.assign(document.createElement("li"), { textContent: "Nothing has these words." }));
    found.hidden = box.value.trim() === "";
});
box.addEventListener("keydown", (event) => {
    if (event.key === "Enter")
        found.querySelector("a")?.click();
    if (event.key === "Escape") {
        box.value = "";
        found.hidden = true;
    }
});
document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== box) {
        event.preventDefault();
        box.focus();
    }
});
document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest" });
// On a narrow screen the page is what one wants to see first.
if (matchMedia("(max-width: 50rem)").matches)
    document.getElementById("pages").open = false;
