// Which parts of the screen are covered already, while spheres are taken from the nearest to the farthest.

/** Cells per radius of a sphere; twice that is less than the bits of a word. */
const fine = 5, coarse = 2;

/** Rows of a block, which is as wide as a word. */
const blockShift = 4;
const blockRows = 1 << blockShift;
const blockBits = 32 * blockRows;

const mostWords = 1 << 22;

/**
 * A bit per cell of a plane, set where one sphere covers the cell. What lies behind such cells alone cannot be seen, and need not be
 * drawn: of a crystal of 100,000 atoms seven in eight.
 */
export class Coverage {
    private readonly width: number;
    private readonly bits: Uint32Array;
    /** Set bits of blocks of words. */
    private readonly filled: Uint16Array;
    private readonly perLength: number;
    private readonly rows: number;
    private readonly fineness: number;

    /**
     * The plane ends at these places, and every sphere lies in it.
     * @param isRough cells are larger, and covered where their centers are: a sphere of which less than a cell can be seen may be missed
     */
    constructor(
        private readonly left: number, private readonly bottom: number, right: number, top: number, radius: number,
        private readonly isRough: boolean) {
        this.fineness = isRough ? coarse : fine;
        this.perLength = this.fineness / radius;
        // A span may end in the word behind its own.
        this.width = Math.ceil((right - left) * this.perLength / 32) + 2;
        this.rows = Math.ceil((top - bottom) * this.perLength) + 2;
        this.bits = new Uint32Array(this.isPossible ? this.width * this.rows : 0);
        this.filled = new Uint16Array(this.isPossible ? this.width * (Math.floor(this.rows / blockRows) + 1) : 0);
    }

    /** False where spheres are so small that the plane has too many cells. */
    get isPossible(): boolean {
        return this.width * this.rows <= mostWords;
    }

    /** Takes a sphere that is no nearer than those before it; false: it cannot be seen. */
    add(x: number, y: number): boolean {
        const u = (x - this.left) * this.perLength, v = (y - this.bottom) * this.perLength;
        if (this.isInFilledBlocks(u, v) || this.isHidden(u, v)) return false;
        this.cover(u, v);
        return true;
    }

    private isInFilledBlocks(u: number, v: number): boolean {
        const { width, filled, fineness } = this;
        // A sphere is smaller than a block: it lies in four at most, some of which may be one.
        const first = (u - fineness) >>> 5, last = (u + fineness) >>> 5;
        const low = ((v - fineness) >>> blockShift) * width, high = ((v + fineness) >>> blockShift) * width;
        return filled[low + first] === blockBits && filled[low + last] === blockBits &&
            filled[high + first] === blockBits && filled[high + last] === blockBits;
    }

    /** Whether all cells are covered that the sphere touches (rough: whose centers it covers). */
    private isHidden(u: number, v: number): boolean {
        const { bits, width, fineness, isRough } = this, last = Math.floor(v + fineness), inset = isRough ? 0.5 : 0;
        for (let row = Math.floor(v - fineness); row <= last; row++) {
            const away = isRough ? row + 0.5 - v : row > v ? row - v : v > row + 1 ? v - row - 1 : 0;
            const square = fineness * fineness - away * away;
            if (square < 0) continue;
            const half = Math.sqrt(square);
            const from = isRough ? Math.ceil(u - half - inset) : Math.floor(u - half), count = Math.floor(u + half - inset) - from + 1;
            if (count <= 0) continue;
            const word = row * width + (from >>> 5), shift = from & 31, mask = (1 << count) - 1;
            if ((~bits[word] & mask << shift) !== 0) return false;
            if (shift + count > 32 && (~bits[word + 1] & mask >>> 32 - shift) !== 0) return false;
        }

        return true;
    }

    /** Marks the cells that lie in the sphere as a whole (rough: by their centers). */
    private cover(u: number, v: number): void {
        const { fineness, isRough } = this, last = Math.floor(v + fineness), inset = isRough ? 0.5 : 0;
        for (let row = Math.floor(v - fineness); row <= last; row++) {
            const away = isRough ? row + 0.5 - v : Math.max(v - row, row + 1 - v);
            const square = fineness * fineness - away * away;
            if (square < 0) continue;
            const half = Math.sqrt(square);
            const from = Math.ceil(u - half - inset), count = Math.floor(u + half - inset) - from + (isRough ? 1 : 0);
            if (count <= 0) continue;
            const shift = from & 31, mask = (1 << count) - 1;
            this.set(row, from >>> 5, mask << shift);
            if (shift + count > 32) this.set(row, (from >>> 5) + 1, mask >>> 32 - shift);
        }
    }

    private set(row: number, word: number, mask: number): void {
        const place = row * this.width + word;
        const added = mask & ~this.bits[place];
        if (added === 0) return;
        this.bits[place] |= added;
        this.filled[(row >>> blockShift) * this.width + word] += bitCount(added);
    }
}

function bitCount(bits: number): number {
    bits -= bits >>> 1 & 0x55555555;
    bits = (bits & 0x33333333) + (bits >>> 2 & 0x33333333);
    return Math.imul(bits + (bits >>> 4) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
