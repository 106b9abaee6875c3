// One frame on the screen: its panes side by side, seen by one camera.
import type { Atoms, Scene } from "./data";
import { Camera, dot, type Vector } from "./camera";
import { colorOf, ramp } from "./colors";
import type { Structure } from "./data";
import { Coverage } from "./coverage";
import { DrawOrder } from "./draworder";
import { Renderer, type Cloud, type Viewport } from "./renderer";

export type Coloring = "structure" | "displacement";

/** Keeps atoms with from <= p . normal <= to. */
export interface Slice {
    normal: Vector;
    from: number;
    to: number;
}

export class Stage {
    readonly camera = new Camera();
    readonly hidden: boolean[];
    slice?: Slice;
    coloring: Coloring = "structure";
    /** Factor on the radius of the spheres. */
    size = 1;
    /** Whether spheres that others hide are left out before they are drawn: the same picture, sooner. */
    culls = true;
    /** While it is moved: then slivers of spheres may be left out as well. */
    isRough = false;

    private readonly renderer: Renderer;
    private scene!: Scene;
    private atoms!: Atoms;
    private order!: DrawOrder;
    private clouds: Cloud[] = [];
    private corners: Vector[] = [];
    private sortedFor?: string;

    constructor(canvas: HTMLCanvasElement, private readonly structures: Structure[]) {
        this.renderer = new Renderer(canvas);
        this.hidden = structures.map(() => false);
    }

    show(scene: Scene, atoms: Atoms): void {
        for (const cloud of this.clouds) this.renderer.remove(cloud);
        [this.scene, this.atoms, this.order] = [scene, atoms, new DrawOrder(atoms.count)];
        this.clouds = atoms.positions.map(positions => this.renderer.createCloud(positions));
        this.corners = Array.from({ length: 8 }, (_, corner) => scene.origin.map(
            (from, axis) => scene.cell.reduce((sum, edge, k) => sum + (corner >> k & 1) * edge[axis], from)) as Vector);
        this.renderer.setBox(this.corners);
        this.paint();
    }

    /** Colors atoms anew. */
    paint(): void {
        const { displacements } = this.atoms;
        const largest = this.scene.largestDisplacement ?? 1;
        this.clouds.forEach((cloud, pane) => {
            const colors = new Uint8Array(4 * this.atoms.count);
            const table = this.structures.map(structure => colorOf(structure.number));
            for (let i = 0; i < this.atoms.count; i++)
                colors.set(this.coloring === "displacement" && displacements
                    ? ramp(displacements[i] / largest) : table[this.atoms.structures[pane][i]], 4 * i);
            this.renderer.paint(cloud, colors);
        });
        this.change();
    }

    /** Whatever says which atoms are seen is other than before. */
    change(): void {
        this.sortedFor = undefined;
    }

    fit(): void {
        const [pane] = this.viewports();
        this.camera.fit(this.ends(), pane.width / pane.height);
    }

    /** Corners of what there is to see: the box, or of a block of it the atoms. */
    private ends(): Vector[] {
        if (this.scene.shown === this.scene.atoms) return this.corners;
        const { low, range } = this.scene;
        return Array.from({ length: 8 }, (_, corner) => low.map((from, axis) => from + (corner >> axis & 1) * range[axis]) as Vector);
    }

    /** Lowest and highest value of a direction over what there is to see. */
    extent(normal: Vector): [number, number] {
        const { low, range } = this.scene;
        const values = Array.from({ length: 8 }, (_, corner) =>
            dot(normal, low.map((from, axis) => from + (corner >> axis & 1) * range[axis]) as Vector));
        return [Math.min(...values), Math.max(...values)];
    }

    viewports(): Viewport[] {
        const { width, height } = this.renderer.canvas;
        const count = this.scene.panes.length, each = Math.floor(width / count);
        return this.scene.panes.map((_, k) => ({ x: k * each, y: 0, width: each, height }));
    }

    draw(): void {
        const [right, up, toViewer] = this.camera.axes;
        const direction = [...right, ...up, this.size, this.culls, this.isRough].join();
        if (direction !== this.sortedFor) {
            this.sortedFor = direction;
            this.order.sort(this.atoms.positions[0], toViewer);
            this.clouds.forEach((cloud, pane) => {
                cloud.drawn = this.order.select(
                    this.atoms.positions[pane], this.wanted(pane), [right, up], this.coverage(right, up), cloud.order);
                this.renderer.sendOrder(cloud);
            });
        }

        const reach = this.reach();
        this.renderer.clear();
        this.viewports().forEach((viewport, pane) =>
            this.renderer.draw(this.clouds[pane], this.camera, viewport, this.size * this.scene.radius, reach));
    }

    private reach(): number {
        const { low, range } = this.scene;
        const all = [low, low.map((from, axis) => from + range[axis]) as Vector, ...this.corners];
        return 2 * Math.max(...all.map(p => Math.hypot(...p.map((value, axis) => value - this.camera.center[axis])))) + this.scene.radius;
    }

    /** Whether an atom of a pane is neither hidden by its structure nor sliced away; absent: none is. */
    private wanted(pane: number): ((atom: number) => boolean) | undefined {
        const { hidden, slice } = this, structures = this.atoms.structures[pane], positions = this.atoms.positions[pane];
        if (!slice && !hidden.includes(true)) return undefined;
        if (!slice) return atom => !hidden[structures[atom]];
        const { normal: [x, y, z], from, to } = slice;
        return atom => {
            const k = 3 * atom, place = x * positions[k] + y * positions[k + 1] + z * positions[k + 2];
            return place >= from && place <= to && !hidden[structures[atom]];
        };
    }

    private coverage(right: Vector, up: Vector): Coverage | undefined {
        const radius = this.size * this.scene.radius;
        const [[left, end], [bottom, top]] = [this.extent(right), this.extent(up)];
        const coverage = new Coverage(left - 2 * radius, bottom - 2 * radius, end + 2 * radius, top + 2 * radius, radius, this.isRough);
        return this.culls && coverage.isPossible ? coverage : undefined;
    }

    /** Atoms per structure of a pane: all that are here, and those that are to be seen. */
    counts(pane: number): { here: number[]; wanted: number[] } {
        const here = this.structures.map(() => 0), wanted = this.structures.map(() => 0);
        const isWanted = this.wanted(pane);
        this.atoms.structures[pane].forEach((structure, atom) => {
            here[structure]++;
            if (!isWanted || isWanted(atom)) wanted[structure]++;
        });
        return { here, wanted };
    }

    /** The atom at a place of the canvas, in its pixels from the upper left corner. */
    pick(x: number, y: number): { pane: number; atom: number } | undefined {
        const pane = this.viewports().findIndex(viewport => x >= viewport.x && x < viewport.x + viewport.width);
        if (pane < 0) return undefined;
        const viewport = this.viewports()[pane];
        const unit = 2 * this.camera.half / viewport.height;
        const [right, up] = this.camera.axes;
        const center = this.camera.center, radius = this.size * this.scene.radius;
        const px = (x - viewport.x - viewport.width / 2) * unit + dot(right, center);
        const py = (viewport.height / 2 - y) * unit + dot(up, center);
        const positions = this.atoms.positions[pane], cloud = this.clouds[pane];
        for (let k = 0; k < cloud.drawn; k++) {
            const i = 3 * cloud.order[k];
            const dx = right[0] * positions[i] + right[1] * positions[i + 1] + right[2] * positions[i + 2] - px;
            const dy = up[0] * positions[i] + up[1] * positions[i + 1] + up[2] * positions[i + 2] - py;
            if (dx * dx + dy * dy < radius * radius) return { pane, atom: cloud.order[k] };
        }
        return undefined;
    }

    /** What is known of an atom, for people. */
    describe(atom: number): string {
        const name = (pane: number) => this.structures[this.atoms.structures[pane][atom]].name;
        const names = this.scene.panes.length > 1 ? `${name(0)} → ${name(1)}` : name(0);
        const moved = this.atoms.displacements && `, moved ${this.atoms.displacements[atom].toPrecision(3)}`;
        return `atom ${this.atoms.ids[atom]}: ${names}${moved ?? ""}`;
    }

    /** Draws, and waits until it is drawn. */
    finish(): void {
        this.draw();
        this.renderer.pixels({ x: 0, y: 0, width: 1, height: 1 });
    }

    /** Colors of the pixels of a pane, drawn now. */
    pixels(pane: number): { viewport: Viewport; values: Uint8Array } {
        this.draw();
        const viewport = this.viewports()[pane];
        return { viewport, values: this.renderer.pixels(viewport) };
    }
}
