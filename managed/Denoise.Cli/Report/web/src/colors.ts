export type Rgb = [number, number, number];

/** OVITO's colors of structure types, by their numbers there. */
const ovito: Record<number, Rgb> = {
    0: [242, 242, 242],
    1: [102, 255, 102],
    2: [255, 102, 102],
    3: [102, 102, 255],
    4: [242, 204, 51],
    5: [160, 20, 254],
    6: [19, 160, 254],
    7: [254, 137, 0],
    8: [160, 120, 254],
};

/** Of structures that OVITO has no color for: hues that are far from each other and from one number to the next. */
function further(number: number): Rgb {
    const hue = (number * 0.618034) % 1 * 6, chroma = number % 2 ? 0.85 : 0.6;
    const channel = (shift: number) => {
        const k = (hue + shift) % 6;
        return Math.round(255 * (0.95 - chroma * Math.max(0, Math.min(k, 4 - k, 1))));
    };
    return [channel(5), channel(3), channel(1)];
}

export const colorOf = (number: number): Rgb => ovito[number] ?? further(number);

export const css = ([r, g, b]: Rgb): string => `rgb(${r},${g},${b})`;

/** The same hue, dark enough for a line on white; white becomes grey. */
export function lineColor(number: number): string {
    const [r, g, b] = colorOf(number);
    const light = 0.3 * r + 0.59 * g + 0.11 * b;
    const factor = Math.min(1, (r === g && g === b ? 130 : 135) / light);
    return css([r * factor, g * factor, b * factor].map(Math.round) as Rgb);
}

/** Lines that stand for no structure. */
export const palette = ["#2563ab", "#c2410c", "#15803d", "#7e22ce", "#a16207", "#0e7490", "#be185d", "#4d4d4d"];

/** From dark blue over green to yellow, for a value of 0 to 1 (a fit of few points to the look of viridis). */
export function ramp(value: number): Rgb {
    const points: Rgb[] = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];
    const x = Math.max(0, Math.min(0.9999, value)) * (points.length - 1), k = Math.floor(x), f = x - k;
    return points[k].map((from, axis) => Math.round(from + f * (points[k + 1][axis] - from))) as Rgb;
}
