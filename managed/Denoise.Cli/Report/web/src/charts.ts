import uPlot from "uplot";
import { make, short } from "./dom";

export interface Line {
    label: string;
    values: (number | null)[];
    color: string;
    dashed?: boolean;
}

export interface Chart {
    /** The table that it is of. */
    table: string;
    title: string;
    /** What it says beneath the title. */
    remark?: string;
    x: { label: string; values: number[] };
    y: { label: string; log?: boolean; percent?: boolean };
    lines: Line[];
}

declare global {
    interface Window {
        /** For whoever looks at the page by a program: what each chart draws, by its table and title. */
        denoiseCharts: Record<string, uPlot>;
    }
}

window.denoiseCharts = {};

const height = 250;
const font = "12px system-ui, sans-serif";
const grid = { stroke: "#e4e7eb", width: 1 };

/** Draws a chart in a card of its own. */
export function draw(chart: Chart, parent: HTMLElement): void {
    const card = make("figure", { class: "card" }, make("figcaption", {}, chart.title));
    if (chart.remark) card.append(make("p", { class: "remark" }, chart.remark));
    const place = make("div", { class: "chart" });
    card.append(place);
    parent.append(card);

    const { x, y } = chart;
    const lone = x.values.length === 1;
    const axis = (label: string): uPlot.Axis => ({ label, font, labelFont: font, labelSize: 18, grid, ticks: grid, stroke: "#3b4450" });
    const plot = new uPlot({
        width: Math.max(place.clientWidth, 240),
        height,
        scales: {
            x: { time: false, ...(lone ? { range: [x.values[0] - 1, x.values[0] + 1] } : {}) },
            y: {
                distr: y.log ? 3 : 1,
                range: y.percent ? [-1, 101] : y.log ? undefined : (_, low, high) => padded(low, high),
            },
        },
        axes: [
            { ...axis(x.label), size: 38, values: (_, ticks) => ticks.map(short) },
            // Of a logarithmic axis some ticks have no text: then they are null.
            { ...axis(y.label), size: 58, values: (_, ticks) => ticks.map(tick => tick === null ? "" : short(tick)) },
        ],
        series: [
            { label: x.label, value: (_, value) => value === null ? "" : short(value) },
            ...chart.lines.map((line): uPlot.Series => ({
                label: line.label,
                stroke: line.color,
                width: 1.8,
                dash: line.dashed ? [6, 4] : undefined,
                points: { show: x.values.length < 40 ? true : undefined, size: 5 },
                value: (_, value) => value === null ? "" : short(value) + (y.percent ? "%" : ""),
            })),
        ],
        // Charts of a table share their cursor where they share their axis.
        cursor: { sync: { key: `${chart.table}/${x.label}` }, y: false },
        legend: { live: true },
    }, [x.values, ...chart.lines.map(line => line.values)], place);
    window.denoiseCharts[`${chart.table}: ${chart.title}`] = plot;
    new ResizeObserver(() => {
        if (place.clientWidth > 0 && place.clientWidth !== plot.width) plot.setSize({ width: place.clientWidth, height });
    }).observe(place);
}

/** A range that a flat line is in the middle of, also where it is flat but for the last digits. */
function padded(low: number, high: number): [number, number] {
    if (low === null || high === null) return [0, 1];
    const size = Math.max(Math.abs(low), Math.abs(high));
    if (high - low <= 1e-6 * size) return size === 0 ? [-1, 1] : [low - 0.1 * size, high + 0.1 * size];
    const pad = 0.06 * (high - low);
    return [low >= 0 && low < pad ? 0 : low - pad, high + pad];
}
