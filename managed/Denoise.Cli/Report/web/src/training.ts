// Curves and tables of 'denoise train'.
import type { Column, Table } from "./data";
import { draw } from "./charts";
import { palette } from "./colors";
import { make } from "./dom";
import { abscissa, numbers } from "./panels";

const find = (table: Table, name: string): Column | undefined => table.columns.find(column => column.name === name);

export function trainingPanels(table: Table, parent: HTMLElement): void {
    const x = abscissa(table);
    const grid = make("div", { class: "grid" });
    parent.append(grid);
    const curve = (name: string, title: string, label: string, log: boolean) => {
        const column = find(table, name);
        if (!column) return;
        const values = x.order.map(k => numbers(column)[k]);
        draw({
            title, table: table.name, x,
            // Zero and less have no place on a logarithmic axis.
            y: { label, log: log && values.every(value => value === null || value > 0) },
            lines: [{ label: name, color: palette[0], values }],
        }, grid);
    };
    curve("loss", "loss", "Å²", true);
    curve("learning_rate", "learning rate", "learning rate", true);
    curve("gradient_norm", "norm of the gradient", "gradient norm", true);
    curve("seconds", "cost: seconds since the start", "s", false);
}

const measures = [
    ["rms_after_1", "rms displacement after 1 iteration", "Å"],
    ["rms_after_8", "rms displacement after 8 iterations", "Å"],
    ["named", "part of the atoms named right", "named right"],
] as const;

export function validationPanels(table: Table, parent: HTMLElement): void {
    const step = find(table, "step"), structure = find(table, "structure"), noise = find(table, "noise");
    if (!step || !structure || !noise) return;
    const rows = step.values.map((_, k) => k);
    const kinds = [...new Set(structure.values as string[])];
    const levels = [...new Set(numbers(noise))].filter(level => level !== null).sort((a, b) => a - b);
    const steps = [...new Set(numbers(step))].filter(value => value !== null).sort((a, b) => a - b);
    const at = (column: Column, kind: string, level: number, when: number) => numbers(column)[rows.findLast(
        k => structure.values[k] === kind && noise.values[k] === level && step.values[k] === when) ?? -1] ?? null;

    const grid = make("div", { class: "grid" });
    const largest = levels[levels.length - 1];
    for (const [name, title, label] of measures) {
        const column = find(table, name);
        if (!column) continue;
        draw({
            title,
            remark: `at the largest noise, ${percent(largest)} of the shortest distance`,
            table: table.name,
            x: { label: "step", values: steps },
            y: { label, log: label === "Å" && numbers(column).every(value => value !== null && value > 0) },
            lines: kinds.map((kind, k) => ({
                label: kind, color: palette[k % palette.length], dashed: k >= palette.length,
                values: steps.map(when => at(column, kind, largest, when)),
            })),
        }, grid);
    }

    const last = steps[steps.length - 1];
    const shown = ["rms_before", "rms_after_1", "rms_after_8", "named"]
        .map(name => find(table, name)).filter(column => column !== undefined);
    const head = make("tr", {}, ...["structure", "noise", ...shown.map(column => column.name)].map(name => make("th", {}, name)));
    const body = make("tbody");
    for (const kind of kinds)
        for (const level of levels)
            body.append(make("tr", {}, make("td", {}, kind), make("td", {}, percent(level)), ...shown.map(column => {
                const value = at(column, kind, level, last);
                return make("td", {}, value === null ? "" : column.name === "named" ? percent(value) : String(value));
            })));
    grid.append(make("figure", { class: "card wide" },
        make("figcaption", {}, `step ${last}`),
        make("p", { class: "remark" }, "rms displacement in Å before, after 1 and after 8 iterations; noise in shortest distances"),
        make("div", { class: "scroll" }, make("table", { class: "numbers" }, make("thead", {}, head), body))));
    parent.append(grid);
}

const percent = (value: number): string => `${(100 * value).toFixed(1)}%`;
