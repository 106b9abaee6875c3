// Which atoms are drawn, and in which order.
import type { Vector } from "./camera";
import type { Coverage } from "./coverage";

const buckets = 2048;

/**
 * Sorts atoms by their depth, the nearest first: what lies behind is then thrown away before it is shaded. A sort into buckets, of
 * which the order within one does not matter: the depth buffer decides what is seen.
 */
export class DrawOrder {
    private readonly keys: Uint16Array;
    private readonly starts = new Uint32Array(buckets + 1);
    private readonly sorted: Uint32Array;

    constructor(private readonly count: number) {
        this.keys = new Uint16Array(count);
        this.sorted = new Uint32Array(count);
    }

    /** @param toViewer unit vector */
    sort(positions: Float32Array, toViewer: Vector): void {
        const { count, keys, starts, sorted } = this;
        const [x, y, z] = toViewer;
        let low = Infinity, high = -Infinity;
        for (let i = 0, k = 0; i < count; i++, k += 3) {
            const depth = x * positions[k] + y * positions[k + 1] + z * positions[k + 2];
            if (depth < low) low = depth;
            if (depth > high) high = depth;
        }
        const scale = high > low ? (buckets - 1) / (high - low) : 0;
        starts.fill(0);
        for (let i = 0, k = 0; i < count; i++, k += 3) {
            const key = (high - (x * positions[k] + y * positions[k + 1] + z * positions[k + 2])) * scale | 0;
            keys[i] = key;
            starts[key + 1]++;
        }
        for (let b = 0; b < buckets; b++) starts[b + 1] += starts[b];
        for (let i = 0; i < count; i++) sorted[starts[keys[i]]++] = i;
    }

    /**
     * Those that can be seen, in this order.
     * @param isWanted whether an atom is to be seen at all; absent: all are
     * @param across the screen's directions to the right and up
     * @param coverage of the spheres so far; absent: what is behind others is taken, too
     * @param target is filled
     * @returns their number
     */
    select(
        positions: Float32Array, isWanted: ((atom: number) => boolean) | undefined, across: [Vector, Vector],
        coverage: Coverage | undefined, target: Uint32Array): number {
        const [[rx, ry, rz], [ux, uy, uz]] = across;
        let drawn = 0;
        for (let n = 0; n < this.count; n++) {
            const i = this.sorted[n];
            if (isWanted && !isWanted(i)) continue;
            const k = 3 * i, x = positions[k], y = positions[k + 1], z = positions[k + 2];
            if (!coverage || coverage.add(rx * x + ry * y + rz * z, ux * x + uy * y + uz * z)) target[drawn++] = i;
        }
        return drawn;
    }
}
