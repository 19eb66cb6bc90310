// A map of the city's districts with things on it, as SVG: outlines and a grid of degrees, no tiles
// and no other host. Longitude and latitude are drawn on a plane that is true at its middle.
import { fill, h, svg } from "./dom.js";
import { SHAPES, flagOf } from "./flags.js";
import { t } from "./words.js";

const SCALE = 10000; // units of the drawing to a degree of latitude: whole numbers read well
const EDGE = 0.06; // room around what is shown, as a part of it
const MARK = 6; // half the size of a mark, in pixels
const LEAST = 0.004; // degrees: closer is not looked at

const ringsOf = (g) =>
    g.type === "Polygon" ? g.coordinates : g.type === "MultiPolygon" ? g.coordinates.flat() : [];

// {lon, lat} of the middle of a geometry's box; null where it has none.
export function middleOf(geometry) {
    const all = [];
    const walk = (c) => (typeof c[0] === "number" ? all.push(c) : c.forEach(walk));
    if (!geometry?.coordinates?.length) return null;
    walk(geometry.coordinates);
    const mid = (i) => {
        const v = all.map((c) => c[i]);
        return (Math.min(...v) + Math.max(...v)) / 2;
    };
    return { lon: mid(0), lat: mid(1) };
}

// The centre of gravity of a geometry's longest ring: where a name stands.
function heartOf(geometry) {
    const ring = ringsOf(geometry).reduce((a, b) => (b.length > a.length ? b : a), []);
    let [area, lon, lat] = [0, 0, 0];
    for (let i = 0; i + 1 < ring.length; i++) {
        const [[x1, y1], [x2, y2]] = [ring[i], ring[i + 1]];
        const part = x1 * y2 - x2 * y1;
        area += part;
        lon += (x1 + x2) * part;
        lat += (y1 + y2) * part;
    }
    return area === 0 ? ring[0] : [lon / (3 * area), lat / (3 * area)];
}

function boxOf(points) {
    const box = { west: 180, east: -180, south: 90, north: -90 };
    for (const [lon, lat] of points) {
        box.west = Math.min(box.west, lon);
        box.east = Math.max(box.east, lon);
        box.south = Math.min(box.south, lat);
        box.north = Math.max(box.north, lat);
    }
    return box;
}

const isWithin = (a, b) =>
    a.west >= b.west && a.east <= b.east && a.south >= b.south && a.north <= b.north;

// A step of 1, 2 or 5 times a power of ten that gives about four lines.
function stepOf(span) {
    const power = 10 ** Math.floor(Math.log10(span / 4));
    return [1, 2, 5, 10].map((m) => m * power).find((s) => s >= span / 4);
}

// outlines: GeoJSON of the districts, or null. pick(id): a mark was chosen. The element; show(points)
// of {id, lon, lat, name, flag}; choose(id) marks one.
export function makeMap({ outlines, pick = () => {} }) {
    const rings = (outlines?.features ?? []).flatMap((f) => ringsOf(f.geometry));
    const land = rings.length ? boxOf(rings.flat()) : null;
    const grid = svg("g.map-grid");
    const ground = svg("g.map-ground");
    const names = svg("g.map-names");
    const marks = svg("g.map-marks");
    const canvas = svg(
        "svg.map",
        { role: "img", tabindex: "0", "aria-label": t("map_label", 0) },
        grid,
        ground,
        names,
        marks,
    );
    let points = [];
    let chosen = null;
    let bend = 1; // how much shorter a degree of longitude is, at the middle
    let home = null;
    let view = null; // {x, y, w, h} in units of the drawing

    const X = (lon) => lon * bend * SCALE;
    const Y = (lat) => -lat * SCALE;

    function ratio() {
        const { clientWidth: w, clientHeight: hh } = canvas;
        return w > 0 && hh > 0 ? w / hh : 1.4;
    }

    const pixel = () => view.w / (canvas.clientWidth || 480);

    function frame(box) {
        const lat = (box.south + box.north) / 2;
        bend = Math.max(0.1, Math.cos((lat * Math.PI) / 180));
        let w = Math.max((box.east - box.west) * bend, LEAST) * (1 + 2 * EDGE);
        let hh = Math.max(box.north - box.south, LEAST) * (1 + 2 * EDGE);
        if (w / hh < ratio()) w = hh * ratio();
        else hh = w / ratio();
        const x = ((box.west + box.east) / 2) * bend - w / 2;
        const y = -lat - hh / 2;
        return { x: x * SCALE, y: y * SCALE, w: w * SCALE, h: hh * SCALE };
    }

    function drawGround() {
        const line = (ring) =>
            ring.map(([a, b], i) => `${i ? "L" : "M"}${X(a).toFixed(0)} ${Y(b).toFixed(0)}`).join("") + "Z";
        fill(
            ground,
            (outlines?.features ?? []).map((f) =>
                svg("path", { d: ringsOf(f.geometry).map(line).join("") }),
            ),
        );
    }

    function drawGrid() {
        const [west, east] = [view.x / SCALE / bend, (view.x + view.w) / SCALE / bend];
        const [north, south] = [-view.y / SCALE, -(view.y + view.h) / SCALE];
        const size = pixel() * 11;
        const parts = [];
        const each = (from, to, draw) => {
            const step = stepOf(to - from);
            for (let i = Math.ceil(from / step); i * step <= to; i++)
                draw(i * step, Number((i * step).toPrecision(8)));
        };
        each(west, east, (lon, said) =>
            parts.push(
                svg("line", { x1: X(lon), x2: X(lon), y1: view.y, y2: view.y + view.h }),
                svg("text", { x: X(lon) + size / 4, y: view.y + view.h - size / 3, "font-size": size }, `${said}°`),
            ),
        );
        each(south, north, (lat, said) =>
            parts.push(
                svg("line", { x1: view.x, x2: view.x + view.w, y1: Y(lat), y2: Y(lat) }),
                svg("text", { x: view.x + size / 4, y: Y(lat) - size / 4, "font-size": size }, `${said}°`),
            ),
        );
        fill(grid, parts);
    }

    function drawNames() {
        const size = pixel() * 13;
        fill(
            names,
            (outlines?.features ?? []).map((f) => {
                const [lon, lat] = heartOf(f.geometry);
                return svg(
                    "text",
                    { x: X(lon), y: Y(lat), "font-size": size, "text-anchor": "middle", lang: "zh" },
                    f.properties?.name ?? "",
                );
            }),
        );
    }

    // A mark's size on the screen stays; the chosen one is drawn last, so that none covers it.
    function drawMarks() {
        const k = (pixel() * MARK) / 7;
        const ordered = [...points].sort((a, b) => (a.id === chosen) - (b.id === chosen));
        fill(
            marks,
            ordered.map((p) => {
                const [shape, props] = SHAPES[flagOf(p.flag)];
                return svg(
                    "g.map-mark",
                    {
                        class: flagOf(p.flag) + (p.id === chosen ? " chosen" : ""),
                        transform: `translate(${X(p.lon)} ${Y(p.lat)}) scale(${k * (p.id === chosen ? 1.6 : 1)}) translate(-7 -7)`,
                        "data-id": p.id,
                    },
                    svg("title", null, p.name),
                    svg(shape, props),
                );
            }),
        );
    }

    function draw() {
        canvas.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`);
        drawGrid();
        drawNames();
        drawMarks();
    }

    function fit() {
        const box = points.length ? boxOf(points.map((p) => [p.lon, p.lat])) : land;
        home = box && land && isWithin(box, land) ? land : (box ?? land);
        home ??= { west: -180, east: 180, south: -85, north: 85 };
        view = frame(home);
        drawGround();
        draw();
    }

    function zoom(by, cx = view.x + view.w / 2, cy = view.y + view.h / 2) {
        const w = view.w * by;
        if (w < LEAST * SCALE || w > 720 * SCALE) return;
        view = { x: cx - (cx - view.x) * by, y: cy - (cy - view.y) * by, w, h: view.h * by };
        draw();
    }

    function move(dx, dy) {
        view = { ...view, x: view.x + dx, y: view.y + dy };
        draw();
    }

    const keys = {
        "+": () => zoom(0.7),
        "=": () => zoom(0.7),
        "-": () => zoom(1 / 0.7),
        0: fit,
        ArrowLeft: () => move(-view.w / 8, 0),
        ArrowRight: () => move(view.w / 8, 0),
        ArrowUp: () => move(0, -view.h / 8),
        ArrowDown: () => move(0, view.h / 8),
    };
    canvas.addEventListener("keydown", (e) => {
        if (!keys[e.key] || e.ctrlKey || e.metaKey || e.altKey) return;
        e.preventDefault();
        e.stopPropagation();
        keys[e.key]();
    });
    canvas.addEventListener(
        "wheel",
        (e) => {
            e.preventDefault();
            const at = canvas.getBoundingClientRect();
            zoom(
                e.deltaY > 0 ? 1.25 : 0.8,
                view.x + ((e.clientX - at.left) / at.width) * view.w,
                view.y + ((e.clientY - at.top) / at.height) * view.h,
            );
        },
        { passive: false },
    );

    // A drag moves the map; a press that does not move chooses the mark under it.
    let held = null;
    canvas.addEventListener("pointerdown", (e) => {
        held = { x: e.clientX, y: e.clientY, far: 0, id: e.target.closest?.("[data-id]")?.dataset.id };
        canvas.setPointerCapture(e.pointerId);
    });
    canvas.addEventListener("pointermove", (e) => {
        if (!held) return;
        const [dx, dy] = [e.clientX - held.x, e.clientY - held.y];
        held = { ...held, x: e.clientX, y: e.clientY, far: held.far + Math.abs(dx) + Math.abs(dy) };
        if (held.far > 4) move(-dx * pixel(), -dy * pixel());
    });
    canvas.addEventListener("pointerup", () => {
        if (held?.id && held.far <= 4) pick(held.id);
        held = null;
    });
    canvas.addEventListener("pointercancel", () => (held = null));

    const button = (sign, word, run) =>
        h("button.quiet", { type: "button", "aria-label": t(word), title: t(word), onclick: run }, sign);
    const element = h(
        "div.map-box",
        null,
        canvas,
        h(
            "div.map-buttons",
            null,
            button("+", "map_closer", () => zoom(0.7)),
            button("−", "map_wider", () => zoom(1 / 0.7)),
            button("⤢", "map_all", fit),
        ),
    );
    let wide = 0;
    new ResizeObserver(() => {
        if (canvas.clientWidth === wide || canvas.clientWidth === 0) return;
        wide = canvas.clientWidth;
        fit();
    }).observe(canvas);

    return {
        element,
        show(list) {
            points = list;
            canvas.setAttribute("aria-label", t("map_label", list.length));
            fit();
        },
        choose(id) {
            chosen = id;
            if (view) drawMarks();
        },
    };
}
