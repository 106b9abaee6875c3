// Which parts of the screen are covered already, while spheres are taken from the nearest to the farthest.

/** Cells per radius of a sphere; twice that is less than the bits of a word. */
const fineness = 5;

/** Rows of a block, which is as wide as a word. */
const blockRows = 16;
const blockBits = 32 * blockRows;

const mostWords = 1 << 22;

/**
 * A bit per cell of a plane, set where one sphere covers the whole cell. What lies behind such cells alone cannot be seen, and need not be
 * drawn: of a crystal of 100,000 atoms seven in eight.
 */
export class Coverage {
    private readonly width: number;
    private readonly bits: Uint32Array;
    /** Set bits of blocks of words. */
    private readonly filled: Uint16Array;
    private readonly perLength: number;
    private readonly rows: number;

    /** The plane ends at these places, and every sphere lies in it. */
    constructor(private readonly left: number, private readonly bottom: number, right: number, top: number, radius: number) {
        this.perLength = fineness / radius;
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
        const { width, filled } = this;
        const first = (u - fineness) >>> 5, last = (u + fineness) >>> 5;
        const top = Math.floor((v + fineness) / blockRows);
        for (let row = Math.floor((v - fineness) / blockRows); row <= top; row++)
            for (let word = first; word <= last; word++)
                if (filled[row * width + word] !== blockBits) return false;
        return true;
    }

    private isHidden(u: number, v: number): boolean {
        const { bits, width } = this, last = Math.floor(v + fineness);
        for (let row = Math.floor(v - fineness); row <= last; row++) {
            const away = row > v ? row - v : v > row + 1 ? v - row - 1 : 0;
            const half = Math.sqrt(fineness * fineness - away * away);
            const from = Math.floor(u - half), count = Math.floor(u + half) - from + 1;
            const word = row * width + (from >>> 5), shift = from & 31, mask = (1 << count) - 1;
            if ((~bits[word] & mask << shift) !== 0) return false;
            if (shift + count > 32 && (~bits[word + 1] & mask >>> 32 - shift) !== 0) return false;
        }

        return true;
    }

    private cover(u: number, v: number): void {
        const last = Math.floor(v + fineness);
        for (let row = Math.floor(v - fineness); row <= last; row++) {
            const away = Math.max(v - row, row + 1 - v);
            if (away >= fineness) continue;
            const half = Math.sqrt(fineness * fineness - away * away);
            const from = Math.ceil(u - half), count = Math.floor(u + half) - from;
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
        this.filled[Math.floor(row / blockRows) * this.width + word] += bitCount(added);
    }
}

function bitCount(bits: number): number {
    bits -= bits >>> 1 & 0x55555555;
    bits = (bits & 0x33333333) + (bits >>> 2 & 0x33333333);
    return Math.imul(bits + (bits >>> 4) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
