export type Vector = [number, number, number];

export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

const along = (a: Vector, f: number, b: Vector): Vector => [a[0] + f * b[0], a[1] + f * b[1], a[2] + f * b[2]];

/**
 * Looks at a point from a direction, without perspective; z is up, as in OVITO. Lengths on the screen are those in the box, so that
 * rows of atoms stay rows.
 */
export class Camera {
    center: Vector = [0, 0, 0];
    /** Half of the height of what is seen. */
    half = 1;
    private yaw = -0.95;
    private pitch = 0.38;

    /** Towards the right of the screen, its top, and the viewer. */
    get axes(): [Vector, Vector, Vector] {
        const [cy, sy, cp, sp] = [Math.cos(this.yaw), Math.sin(this.yaw), Math.cos(this.pitch), Math.sin(this.pitch)];
        return [[-sy, cy, 0], [-sp * cy, -sp * sy, cp], [cp * cy, cp * sy, sp]];
    }

    look(yaw: number, pitch: number): void {
        [this.yaw, this.pitch] = [yaw, pitch];
    }

    /** By a way of the mouse, in heights of the view. */
    rotate(dx: number, dy: number): void {
        this.yaw -= Math.PI * dx;
        this.pitch = Math.max(-Math.PI / 2, Math.min(Math.PI / 2, this.pitch + Math.PI * dy));
    }

    /** Moves what is seen along with the mouse. */
    pan(dx: number, dy: number): void {
        const [right, up] = this.axes;
        this.center = along(along(this.center, -2 * this.half * dx, right), 2 * this.half * dy, up);
    }

    zoom(factor: number): void {
        this.half *= factor;
    }

    /** Shows all corners in a view of this width over height. */
    fit(corners: Vector[], aspect: number): void {
        this.center = [0, 1, 2].map(k => (Math.min(...corners.map(c => c[k])) + Math.max(...corners.map(c => c[k]))) / 2) as Vector;
        const [right, up] = this.axes;
        this.half = 1.06 * Math.max(1e-9, ...corners.map(corner => {
            const way = along(corner, -1, this.center);
            return Math.max(Math.abs(dot(way, right)) / aspect, Math.abs(dot(way, up)));
        }));
    }
}
