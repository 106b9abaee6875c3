// Atoms as spheres, the box as lines.
import * as twgl from "twgl.js";
import type { Camera, Vector } from "./camera";

/*
 * A sphere is a point of the graphics library, shaded as one. All its pixels have the depth of its center: for spheres of one size that do
 * not overlap, seen without perspective, the sphere with the nearer center is the one that is seen in every pixel of both, because the
 * plane halfway between them separates them. So no shader changes a depth, and hidden pixels cost next to nothing.
 */
const atomVertex = `#version 300 es
uniform mat4 view;
uniform float size;
in vec3 position;
in vec4 color;
flat out vec3 tint;
void main() {
    gl_Position = view * vec4(position, 1);
    gl_PointSize = size;
    tint = color.rgb;
}`;

const atomFragment = `#version 300 es
precision mediump float;
flat in vec3 tint;
out vec4 pixel;
void main() {
    vec2 p = 2.0 * gl_PointCoord - 1.0;
    float inside = 1.0 - dot(p, p);
    if (inside < 0.0) discard;
    float toLight = 0.3 * p.x * -1.0 - 0.45 * p.y + 0.84 * sqrt(inside);
    pixel = vec4(tint * (0.28 + 0.75 * max(toLight, 0.0)), 1);
}`;

const lineVertex = `#version 300 es
uniform mat4 view;
in vec3 position;
void main() { gl_Position = view * vec4(position, 1); }`;

const lineFragment = `#version 300 es
precision mediump float;
out vec4 pixel;
void main() { pixel = vec4(0.78, 0.82, 0.88, 1); }`;

export const background: Vector = [23, 27, 33];

/** Atoms on the graphics card. */
export interface Cloud {
    info: twgl.BufferInfo;
    vertices: twgl.VertexArrayInfo;
    /** Numbers of the atoms to draw, nearest first. */
    order: Uint32Array;
    drawn: number;
}

/** A part of the canvas, in pixels from its lower left corner. */
export interface Viewport {
    x: number;
    y: number;
    width: number;
    height: number;
}

export class Renderer {
    readonly gl: WebGL2RenderingContext;
    private readonly atoms: twgl.ProgramInfo;
    private readonly lines: twgl.ProgramInfo;
    private box?: { info: twgl.BufferInfo; vertices: twgl.VertexArrayInfo };

    /** Throws where the browser has no WebGL 2. */
    constructor(readonly canvas: HTMLCanvasElement) {
        const gl = canvas.getContext("webgl2", { antialias: false, alpha: false, powerPreference: "high-performance" });
        if (!gl) throw new Error("this browser has no WebGL 2, which the view of atoms needs");
        this.gl = gl;
        this.atoms = twgl.createProgramInfo(gl, [atomVertex, atomFragment]);
        this.lines = twgl.createProgramInfo(gl, [lineVertex, lineFragment]);
        gl.enable(gl.DEPTH_TEST);
        gl.enable(gl.SCISSOR_TEST);
    }

    createCloud(positions: Float32Array): Cloud {
        const count = positions.length / 3;
        const info = twgl.createBufferInfoFromArrays(this.gl, {
            position: { numComponents: 3, data: positions },
            color: { numComponents: 4, data: new Uint8Array(4 * count), normalize: true, drawType: this.gl.DYNAMIC_DRAW },
            indices: { numComponents: 1, data: new Uint32Array(count), drawType: this.gl.DYNAMIC_DRAW },
        });
        return { info, vertices: twgl.createVertexArrayInfo(this.gl, this.atoms, info), order: new Uint32Array(count), drawn: 0 };
    }

    /** @param colors red, green, blue, and nothing per atom */
    paint(cloud: Cloud, colors: Uint8Array): void {
        twgl.setAttribInfoBufferFromArray(this.gl, cloud.info.attribs!.color, colors);
    }

    /** Takes over what is in the order, as far as it is drawn. */
    sendOrder(cloud: Cloud): void {
        const { gl } = this;
        // The binding of indices belongs to the vertex array.
        gl.bindVertexArray(cloud.vertices.vertexArrayObject!);
        gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, cloud.info.indices!);
        gl.bufferSubData(gl.ELEMENT_ARRAY_BUFFER, 0, cloud.order, 0, cloud.drawn);
    }

    remove(cloud: Cloud): void {
        const { gl } = this;
        gl.deleteVertexArray(cloud.vertices.vertexArrayObject!);
        for (const attribute of Object.values(cloud.info.attribs!)) gl.deleteBuffer(attribute.buffer);
        gl.deleteBuffer(cloud.info.indices!);
    }

    /** @param corners the eight of the box, by the bits of their number */
    setBox(corners: Vector[]): void {
        const ends: number[] = [];
        for (let corner = 0; corner < 8; corner++)
            for (const bit of [1, 2, 4])
                if (!(corner & bit)) ends.push(...corners[corner], ...corners[corner | bit]);
        const info = twgl.createBufferInfoFromArrays(this.gl, { position: { numComponents: 3, data: new Float32Array(ends) } });
        this.box = { info, vertices: twgl.createVertexArrayInfo(this.gl, this.lines, info) };
    }

    clear(): void {
        const { gl, canvas } = this;
        gl.scissor(0, 0, canvas.width, canvas.height);
        gl.clearColor(background[0] / 255, background[1] / 255, background[2] / 255, 1);
        gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    }

    /**
     * @param radius of the spheres
     * @param reach how far from the camera's center anything is, at most
     */
    draw(cloud: Cloud, camera: Camera, viewport: Viewport, radius: number, reach: number): void {
        const { gl } = this;
        const size = radius * viewport.height / camera.half;
        // A point whose center is outside is not drawn, whatever its size: look beyond the edges.
        const margin = Math.min(Math.ceil(size / 2), 1024);
        const [width, height] = [viewport.width + 2 * margin, viewport.height + 2 * margin];
        gl.viewport(viewport.x - margin, viewport.y - margin, width, height);
        gl.scissor(viewport.x, viewport.y, viewport.width, viewport.height);
        const scale = viewport.height / (camera.half * height);
        const view = matrix(camera, scale * height / width, scale, 1 / reach);

        gl.useProgram(this.atoms.program);
        twgl.setBuffersAndAttributes(gl, this.atoms, cloud.vertices);
        twgl.setUniforms(this.atoms, { view, size });
        gl.drawElements(gl.POINTS, cloud.drawn, gl.UNSIGNED_INT, 0);
        if (this.box) {
            gl.useProgram(this.lines.program);
            twgl.setBuffersAndAttributes(gl, this.lines, this.box.vertices);
            twgl.setUniforms(this.lines, { view });
            twgl.drawBufferInfo(gl, this.box.vertices, gl.LINES);
        }
    }

    /** Red, green, blue, alpha of the pixels of a viewport, the lowest row first; of what was drawn in the same task. */
    pixels(viewport: Viewport): Uint8Array {
        const { gl } = this;
        const values = new Uint8Array(4 * viewport.width * viewport.height);
        gl.readPixels(viewport.x, viewport.y, viewport.width, viewport.height, gl.RGBA, gl.UNSIGNED_BYTE, values);
        return values;
    }
}

/** Column by column: to the camera's axes, and to the cube that is seen. */
function matrix(camera: Camera, sx: number, sy: number, sz: number): Float32Array {
    const [right, up, toViewer] = camera.axes;
    const rows = [right.map(v => sx * v), up.map(v => sy * v), toViewer.map(v => -sz * v)];
    const shift = rows.map(row => -(row[0] * camera.center[0] + row[1] * camera.center[1] + row[2] * camera.center[2]));
    return new Float32Array([
        rows[0][0], rows[1][0], rows[2][0], 0, rows[0][1], rows[1][1], rows[2][1], 0, rows[0][2], rows[1][2], rows[2][2], 0, ...shift, 1,
    ]);
}
