import type { Report } from "./data";
import { make } from "./dom";
import { framePanels, plainPanels } from "./panels";
import { createView } from "./view";
import { trainingPanels, validationPanels } from "./training";

const report = JSON.parse(document.getElementById("data")!.textContent!) as Report;
const page = document.getElementById("page")!;

document.title = report.title;
page.replaceChildren(make("h1", {}, report.title), make("div", { class: "soft" }, report.program));
if (report.notes.length > 0) page.append(make("ul", { class: "notes" }, ...report.notes.map(note => make("li", {}, note))));

if (report.scenes.length > 0) {
    page.append(make("h2", {}, "Atoms"));
    createView(report, page);
}

for (const table of report.tables) {
    page.append(make("h2", {}, table.name));
    switch (table.kind) {
        case "frames": framePanels(table, report.structures, page); break;
        case "training": trainingPanels(table, page); break;
        case "validation": validationPanels(table, page); break;
        case "other": plainPanels(table, page); break;
    }
}
