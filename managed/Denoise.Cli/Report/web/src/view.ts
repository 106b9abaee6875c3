// The 3-D view with its controls.
import { decode, type Atoms, type Report, type Scene } from "./data";
import type { Vector } from "./camera";
import { colorOf, css } from "./colors";
import { make, short } from "./dom";
import { Stage, type Coloring } from "./stage";

declare global {
    interface Window {
        /** For whoever looks at the page by a program. */
        denoiseView?: {
            stage: Stage;
            /** Frames per second while it is turned as by the mouse. */
            measure(frames: number): Promise<number>;
            shown(): number;
        };
    }
}

/** Milliseconds: below 30 frames per second. */
const slowFrame = 32;
const coarse = 0.5;

const normals: Record<string, Vector> = { x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1] };
const directions: Record<string, [number, number]> = { x: [0, 0], y: [-Math.PI / 2, 0], z: [-Math.PI / 2, Math.PI / 2] };

export function createView(report: Report, parent: HTMLElement): void {
    const canvas = make("canvas", { "aria-label": "atoms" });
    const told = make("div", { class: "told", hidden: "" });
    const place = make("div", { class: "stage" }, canvas, told);
    const bar = make("div", { class: "bar" }), legend = make("div", { class: "legend" });
    parent.append(make("section", { class: "card viewer" }, bar, place, legend));
    let stage: Stage;
    try {
        stage = new Stage(canvas, report.structures);
    } catch (failure) {
        place.replaceChildren(make("p", { class: "told" }, `No atoms: ${(failure as Error).message}.`));
        return;
    }

    let number = -1, waiting = false, isFitted = false;
    const loaded = new Map<number, Promise<Atoms>>();

    const redraw = () => {
        if (waiting || number < 0) return;
        waiting = true;
        requestAnimationFrame(time => {
            waiting = false;
            if (isMoving) pace(time);
            stage.draw();
        });
    };

    // While it is moved, and only where that is slow, the picture has fewer pixels.
    let isMoving = false, isSlow = false, lastFrame = 0, mean = 0, rest: ReturnType<typeof setTimeout> | undefined;

    function pace(time: number): void {
        const passed = time - lastFrame;
        lastFrame = time;
        // A longer break is none of drawing.
        if (passed < 500) mean = mean === 0 ? passed : 0.7 * mean + 0.3 * passed;
        if (mean > slowFrame && !isSlow) {
            isSlow = true;
            resize();
        }
    }

    function moved(): void {
        isMoving = true;
        clearTimeout(rest);
        rest = setTimeout(() => {
            isMoving = false;
            mean = 0;
            resize();
            redraw();
        }, 150);
        resize();
        redraw();
    }

    // ---- controls
    const frames = make("input", { type: "range", min: "0", max: String(report.scenes.length - 1), value: "0", "aria-label": "frame" });
    const frameName = make("span");
    const coloring = make("select", { "aria-label": "color" }, make("option", { value: "structure" }, "structure"),
        make("option", { value: "displacement" }, "displacement"));
    const axis = make("select", { "aria-label": "slice" },
        ...["off", "x", "y", "z"].map(name => make("option", { value: name }, name === "off" ? "off" : `along ${name}`)));
    const slicePlace = make("input", { type: "range", min: "0", max: "1", step: "0.002", value: "0.5", "aria-label": "slice at" });
    const slabWidth = make("input", { type: "range", min: "0", max: "1", step: "0.002", value: "0", "aria-label": "slab" });
    const sliceName = make("span");
    const size = make("input", { type: "range", min: "0.2", max: "1.4", step: "0.02", value: "1", "aria-label": "size" });
    const views = make("span", { class: "views" });
    const label = (text: string, ...parts: Node[]) => make("label", {}, text, ...parts);
    if (report.scenes.length > 1) bar.append(label("frame", frames));
    const hasDisplacements = report.scenes.some(scene => scene.displacements !== undefined);
    bar.append(frameName);
    if (hasDisplacements) bar.append(label("color", coloring));
    bar.append(label("slice", axis, slicePlace), label("slab", slabWidth), sliceName, label("size", size), views);
    for (const name of ["x", "y", "z"]) {
        const button = make("button", { title: `look along ${name}` }, name);
        button.onclick = () => {
            stage.camera.look(...directions[name]);
            stage.fit();
            redraw();
        };
        views.append(button);
    }
    const reset = make("button", { title: "all of it, as at first" }, "reset");
    const save = make("button", { title: "this picture as a PNG file" }, "save picture");
    views.append(reset, save);
    reset.onclick = () => {
        stage.camera.look(-0.95, 0.38);
        stage.fit();
        redraw();
    };
    save.onclick = () => {
        stage.draw();
        canvas.toBlob(blob => {
            const link = make("a", { href: URL.createObjectURL(blob!), download: `${report.title}.png` });
            link.click();
            URL.revokeObjectURL(link.href);
        });
    };
    coloring.onchange = () => {
        stage.coloring = coloring.value as Coloring;
        stage.paint();
        redraw();
    };
    size.oninput = () => {
        stage.size = Number(size.value);
        redraw();
    };
    frames.oninput = () => void show(Number(frames.value));

    const cut = () => {
        const normal = normals[axis.value];
        slicePlace.disabled = slabWidth.disabled = !normal;
        stage.slice = undefined;
        sliceName.textContent = "";
        if (normal) {
            const [low, high] = stage.extent(normal);
            const to = low + Number(slicePlace.value) * (high - low), width = Number(slabWidth.value) * (high - low);
            stage.slice = { normal, from: width > 0 ? to - width : -Infinity, to };
            sliceName.textContent = width > 0
                ? `${short(Number((to - width).toPrecision(4)))} < ${axis.value} < ${short(Number(to.toPrecision(4)))}`
                : `${axis.value} < ${short(Number(to.toPrecision(4)))}`;
        }
        stage.change();
        redraw();
    };
    for (const input of [axis, slicePlace, slabWidth]) input.oninput = cut;

    // ---- mouse and fingers
    const pointers = new Map<number, PointerEvent>();
    canvas.oncontextmenu = event => event.preventDefault();
    canvas.onpointerdown = event => {
        canvas.setPointerCapture(event.pointerId);
        pointers.set(event.pointerId, event);
    };
    canvas.onpointerup = canvas.onpointercancel = event => void pointers.delete(event.pointerId);
    canvas.onpointermove = event => {
        const before = pointers.get(event.pointerId);
        if (!before) return tell(event);
        pointers.set(event.pointerId, event);
        const height = canvas.clientHeight;
        const dx = (event.clientX - before.clientX) / height, dy = (event.clientY - before.clientY) / height;
        if (pointers.size === 2) {
            const other = [...pointers].find(([id]) => id !== event.pointerId)![1];
            const distance = (a: PointerEvent) => Math.max(1, Math.hypot(a.clientX - other.clientX, a.clientY - other.clientY));
            stage.camera.zoom(distance(before) / distance(event));
            stage.camera.pan(dx / 2, dy / 2);
        } else if (event.buttons & 6 || event.shiftKey) {
            stage.camera.pan(dx, dy);
        } else {
            stage.camera.rotate(dx, dy);
        }
        moved();
    };
    canvas.onpointerleave = () => void (told.hidden = true);
    canvas.addEventListener("wheel", event => {
        event.preventDefault();
        stage.camera.zoom(Math.exp(0.0012 * event.deltaY));
        moved();
    }, { passive: false });

    function tell(event: PointerEvent): void {
        const box = canvas.getBoundingClientRect(), ratio = canvas.width / box.width;
        const found = number < 0 ? undefined : stage.pick((event.clientX - box.left) * ratio, (event.clientY - box.top) * ratio);
        told.hidden = !found;
        if (found) told.textContent = stage.describe(found.atom);
    }

    // ---- frames
    async function show(k: number): Promise<void> {
        const scene = report.scenes[k];
        if (!loaded.has(k)) loaded.set(k, decode(scene));
        const atoms = await loaded.get(k)!;
        // The slider may be elsewhere by now.
        if (Number(frames.value) !== k) return;
        number = k;
        stage.show(scene, atoms);
        resize();
        if (!isFitted) stage.fit();
        isFitted = true;
        frameName.textContent = `step ${short(scene.step)}, ${short(scene.atoms)} atoms` +
            (scene.shown < scene.atoms ? `, ${short(scene.shown)} of them here` : "");
        place.querySelectorAll(".label, .divider").forEach(element => element.remove());
        scene.panes.forEach((pane, p) => place.append(make(
            "div", { class: "label", style: `left: calc(${100 * p / scene.panes.length}% + 10px)` }, pane.title)));
        if (scene.panes.length > 1) place.append(make("div", { class: "divider" }));
        cut();
        explain(scene);
    }

    function explain(scene: Scene): void {
        const counts = scene.panes.map((_, pane) => stage.counts(pane).here);
        legend.replaceChildren();
        report.structures.forEach((structure, k) => {
            if (counts.every(count => count[k] === 0)) return;
            const swatch = make("span", { class: "swatch", style: `background:${css(colorOf(structure.number))}` });
            const button = make("button", { "aria-pressed": String(!stage.hidden[k]), title: `show or hide ${structure.name}` },
                swatch, `${structure.name} ${counts.map(count => short(count[k])).join(" → ")}`);
            button.dataset.structure = structure.name;
            button.onclick = () => {
                stage.hidden[k] = !stage.hidden[k];
                button.setAttribute("aria-pressed", String(!stage.hidden[k]));
                stage.change();
                redraw();
            };
            legend.append(button);
        });
        legend.append(make("span", { class: "soft" },
            "Drag: turn · right button or shift: move · wheel: zoom · click a structure to hide it"));
    }

    function resize(): void {
        stage.isRough = isMoving && isSlow;
        const ratio = Math.min(window.devicePixelRatio || 1, 2) * (stage.isRough ? coarse : 1);
        const [width, height] = [canvas.clientWidth, canvas.clientHeight].map(length => Math.max(2, Math.round(length * ratio)));
        if (canvas.width === width && canvas.height === height) return;
        [canvas.width, canvas.height] = [width, height];
    }

    new ResizeObserver(() => {
        resize();
        // At once: a canvas of a new size is empty.
        if (number >= 0) stage.draw();
    }).observe(place);

    window.denoiseView = {
        stage,
        shown: () => number,
        measure: count => new Promise(resolve => {
            let start = 0, frames = 0;
            const step = (time: number) => {
                if (frames === 0) start = time;
                if (frames++ === count) return resolve(1000 * count / (time - start));
                stage.camera.rotate(0.01, 0);
                moved();
                requestAnimationFrame(step);
            };
            requestAnimationFrame(step);
        }),
    };
    void show(0);
}
