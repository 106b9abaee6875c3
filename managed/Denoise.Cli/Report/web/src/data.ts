// What 'denoise report' puts into the page; made by ReportWriter in C#.

/** What a column of a table is; "step" is the x axis of its charts. */
export type Role =
    | "step" | "atoms" | "structure" | "rawStructure" | "displacement" | "cost" | "run" | "global" | "profile" | "text" | "none";

export interface Column {
    name: string;
    role: Role;
    /** The structure that a count is of, or the vector that a component is of. */
    of?: string;
    /** A value per row; null: not a number. */
    values: (number | string | null)[];
}

export interface Table {
    name: string;
    kind: "frames" | "training" | "validation" | "other";
    columns: Column[];
    /** Where a profile's bins end, in the unit of length; absent: unknown. */
    profileEnd?: number;
}

export interface Structure {
    number: number;
    name: string;
}

export interface Pane {
    title: string;
    /** Deflated, base64: 3 uint16 per atom, in 65535ths of the scene's range. */
    positions: string;
    /** Deflated, base64: a uint16 per atom, an index into the report's structures. */
    structures: string;
}

export interface Scene {
    name: string;
    step: number;
    /** Atoms of the frame, and how many of them are here. */
    atoms: number;
    shown: number;
    low: [number, number, number];
    range: [number, number, number];
    origin: [number, number, number];
    cell: [number, number, number][];
    /** Of the spheres. */
    radius: number;
    /** Deflated, base64: an int32 per atom. */
    ids: string;
    panes: Pane[];
    /** Largest displacement, of which "displacements" (uint8 per atom) are 255ths; absent: unknown. */
    largestDisplacement?: number;
    displacements?: string;
}

export interface Report {
    title: string;
    program: string;
    notes: string[];
    tables: Table[];
    structures: Structure[];
    scenes: Scene[];
}

async function inflate(text: string): Promise<ArrayBuffer> {
    const raw = atob(text);
    const bytes = new Uint8Array(raw.length);
    for (let k = 0; k < raw.length; k++) bytes[k] = raw.charCodeAt(k);
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).arrayBuffer();
}

/** The arrays of a scene as the view takes them. */
export interface Atoms {
    count: number;
    ids: Int32Array;
    /** Per pane: x, y, z of every atom. */
    positions: Float32Array[];
    structures: Uint16Array[];
    displacements?: Float32Array;
}

export async function decode(scene: Scene): Promise<Atoms> {
    const positions = await Promise.all(scene.panes.map(async pane => {
        const steps = new Uint16Array(await inflate(pane.positions));
        const values = new Float32Array(steps.length);
        for (let k = 0; k < steps.length; k++) values[k] = scene.low[k % 3] + steps[k] / 65535 * scene.range[k % 3];
        return values;
    }));
    const structures = await Promise.all(scene.panes.map(async pane => new Uint16Array(await inflate(pane.structures))));
    const largest = scene.largestDisplacement ?? 0;
    return {
        count: scene.shown,
        ids: new Int32Array(await inflate(scene.ids)),
        positions,
        structures,
        displacements: scene.displacements === undefined
            ? undefined
            : Float32Array.from(new Uint8Array(await inflate(scene.displacements)), value => value / 255 * largest),
    };
}
