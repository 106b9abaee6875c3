// Which charts and tables the columns of a table of frames give.
import type { Column, Structure, Table } from "./data";
import type { Chart, Line } from "./charts";
import { draw } from "./charts";
import { css, colorOf, lineColor, palette, ramp } from "./colors";
import { make, short } from "./dom";

const mostGlobals = 24;
const mostProfiles = 5;

export const numbers = (column: Column): (number | null)[] => column.values as (number | null)[];

const byRole = (table: Table, role: Column["role"]): Column[] => table.columns.filter(column => column.role === role);

/** The x axis: the step, else the number of the row. */
export function abscissa(table: Table): { label: string; values: number[]; order: number[] } {
    const column = byRole(table, "step")[0];
    const rows = table.columns[0].values.length;
    const label = column?.name ?? "line";
    const raw = Array.from({ length: rows }, (_, k) => column ? (column.values[k] as number | null) ?? k : k);
    // A chart wants ascending values; files of several runs may not have them.
    const order = raw.map((_, k) => k).sort((a, b) => raw[a] - raw[b] || a - b);
    return { label, values: order.map(k => raw[k]), order };
}

const inOrder = (column: Column, order: number[]): (number | null)[] => order.map(k => numbers(column)[k]);

export function framePanels(table: Table, structures: Structure[], parent: HTMLElement): void {
    const x = abscissa(table);
    const grid = make("div", { class: "grid" });
    const after = byRole(table, "structure"), before = byRole(table, "rawStructure");
    const numberOf = (column: Column) => structures.find(structure => structure.name === column.of)?.number ?? 0;
    const atoms = byRole(table, "atoms")[0];

    const phases = (title: string, columns: Column[], remark?: string): Chart => {
        const found = columns.filter(column => numbers(column).some(value => value !== null && value > 0));
        return {
            title,
            remark,
            table: table.name,
            x,
            y: { label: "% of the atoms", percent: true },
            lines: found.map((column): Line => ({
                label: column.of ?? column.name,
                color: lineColor(numberOf(column)),
                values: x.order.map(k => {
                    const count = numbers(column)[k], all = atoms ? numbers(atoms)[k] : null;
                    return count === null || !all ? null : 100 * count / all;
                }),
            })),
        };
    };
    parent.append(grid);
    if (before.length > 0) draw(phases("structures before denoising", before), grid);
    if (after.length > 0) draw(phases(before.length > 0 ? "structures after denoising" : "structures", after), grid);
    if (after.length > 0) grid.append(counts(x, after, before, numberOf));
    lines("displacement", "rms displacement", "unit of length");
    for (const column of byRole(table, "run")) one(column);
    profiles();
    const globals = byRole(table, "global");
    for (const group of vectors(globals).slice(0, mostGlobals)) many(group);
    const cost = byRole(table, "cost");
    for (const column of cost) one(column, `cost: ${column.name} per frame`, "s");
    const left = vectors(globals).length - mostGlobals;
    if (left > 0)
        parent.append(make("p", { class: "remark" }, `${left} more columns of ${table.name} are not drawn; 'denoise plot' draws any.`));

    function lines(role: Column["role"], title: string, label: string): void {
        for (const column of byRole(table, role)) one(column, title, label);
    }

    function one(column: Column, title = column.name, label = column.name): void {
        many({ title, columns: [column] }, label);
    }

    function many(group: { title: string; columns: Column[] }, label = group.title): void {
        draw({
            title: group.title,
            table: table.name,
            x,
            y: { label },
            lines: group.columns.map((column, k) => ({
                label: column.name, color: palette[k % palette.length], values: inOrder(column, x.order),
            })),
        }, grid);
    }

    /** Vectors with a bin per component, such as radial distributions: a line per frame, of a few frames. */
    function profiles(): void {
        const names = [...new Set(byRole(table, "profile").map(column => column.of!))];
        for (const name of names) {
            const bins = byRole(table, "profile").filter(column => column.of === name);
            const rows = spread(x.order, mostProfiles);
            const width = table.profileEnd === undefined ? undefined : table.profileEnd / bins.length;
            draw({
                table: table.name,
                title: name.startsWith("rdf") ? `radial distribution ${name.slice(4)}`.trim() : name,
                remark: rows.length < x.order.length ? `${rows.length} of ${x.order.length} frames` : undefined,
                x: {
                    label: width === undefined ? "bin" : "distance",
                    values: bins.map((_, k) => width === undefined ? k + 1 : (k + 0.5) * width),
                },
                y: { label: name.startsWith("rdf") ? "g(r)" : name },
                lines: rows.map((row, k) => ({
                    label: `${x.label} ${x.values[x.order.indexOf(row)]}`,
                    color: css(ramp(rows.length < 2 ? 0.3 : 0.85 * k / (rows.length - 1))),
                    values: bins.map(bin => numbers(bin)[row]),
                })),
            }, grid);
        }
    }
}

/** Evenly spread elements, the first and the last among them. */
function spread(values: number[], most: number): number[] {
    if (values.length <= most) return values;
    return Array.from({ length: most }, (_, k) => values[Math.round(k * (values.length - 1) / (most - 1))]);
}

/** Components of one vector belong into one chart, if they are few. */
function vectors(columns: Column[]): { title: string; columns: Column[] }[] {
    const groups = new Map<string, Column[]>();
    for (const column of columns) {
        const name = column.of ?? column.name;
        groups.set(name, [...groups.get(name) ?? [], column]);
    }
    return [...groups].map(([title, members]) => ({ title, columns: members.slice(0, palette.length) }));
}

/** Atoms per structure in the last frame. */
function counts(
    x: { label: string; values: number[]; order: number[] }, after: Column[], before: Column[],
    numberOf: (column: Column) => number): HTMLElement {
    const last = x.order[x.order.length - 1];
    const head = make("tr", {}, make("th", {}, "structure"));
    if (before.length > 0) head.append(make("th", {}, "before"));
    head.append(make("th", {}, before.length > 0 ? "after" : "atoms"));
    const body = make("tbody");
    for (const column of after) {
        const raw = before.find(other => other.of === column.of);
        const cells = [raw && numbers(raw)[last], numbers(column)[last]].slice(before.length > 0 ? 0 : 1);
        if (cells.every(value => !value)) continue;
        const swatch = make("span", { class: "swatch", style: `background:${css(colorOf(numberOf(column)))}` });
        body.append(make("tr", {}, make("td", {}, swatch, column.of ?? column.name),
            ...cells.map(value => make("td", {}, value === null || value === undefined ? "" : short(value)))));
    }
    return make("figure", { class: "card" },
        make("figcaption", {}, `atoms at ${x.label} ${short(x.values[x.values.length - 1])}`),
        make("table", { class: "numbers" }, make("thead", {}, head), body));
}

/** Any table that is none of the program's own: a chart per column of numbers. */
export function plainPanels(table: Table, parent: HTMLElement): void {
    const x = abscissa(table);
    const grid = make("div", { class: "grid" });
    parent.append(grid);
    const drawn = table.columns.filter(column => column.role === "none").slice(0, mostGlobals);
    for (const column of drawn)
        draw({
            title: column.name, table: table.name, x, y: { label: column.name },
            lines: [{ label: column.name, color: palette[0], values: inOrder(column, x.order) }],
        }, grid);
}
