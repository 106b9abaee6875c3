// build.mjs ROOT OUT: makes the site OUT of the documents below ROOT. A document that is not in pages.json, a link that leads nowhere and
// a formula that cannot be set are errors.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { reference } from "./header.mjs";
import { Document, highlightFile } from "./markdown.mjs";
import { file, page } from "./template.mjs";

const [root, out] = process.argv.slice(2).map((name) => path.resolve(name));
const require = createRequire(import.meta.url);
const here = path.dirname(new URL(import.meta.url).pathname);
const errors = [];

// Not for users: they say where data of tests come from.
const others = /^tests\/(unit|validation\/data)\//;
const sections = JSON.parse(readFileSync(path.join(here, "pages.json"), "utf8"));
const sources = sections.flatMap((section) => section.pages);
const known = execFileSync("git", ["-C", root, "ls-files", "-co", "--exclude-standard", "--deduplicate", "*.md"], { encoding: "utf8" })
    .trim().split("\n").filter((source) => !others.test(source) && existsSync(path.join(root, source)));
for (const source of known.filter((source) => !sources.includes(source)))
    errors.push(`${source}: is in no section of site/pages.json`);

function write(name, content) {
    const target = path.join(out, name);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
}

// Of a document, README.md being the page of its folder.
const target = (source) => source.replace(/(^|\/)README\.md$/, "$1index.html").replace(/\.md$/, ".html");
const relative = (from, to) => path.posix.relative(path.posix.dirname(from), to);

const documents = new Map();
for (const source of sources) {
    let text = readFileSync(path.join(root, source), "utf8");
    if (source === "docs/c.md")
        text += "\n" + reference(readFileSync(path.join(root, "interop/include/denoise_insitu.h"), "utf8"));
    documents.set(source, new Document(source, text));
}

// What documents link to beside each other: pictures and pages of their own, which are copied, and sources, which are shown.
const copied = new Set(), shown = new Set();
const picture = /\.(png|svg|jpe?g|gif|webp|html)$/;

function resolve(document, href) {
    if (/^[a-z]+:/i.test(href))
        return href;
    const [name, anchor] = href.split("#");
    let to = name === "" ? document.source : path.posix.normalize(path.posix.join(path.posix.dirname(document.source), name)).replace(/\/$/, "");
    if (documents.has(`${to}/README.md`))
        to += "/README.md";
    const from = target(document.source);
    if (documents.has(to)) {
        if (anchor && !documents.get(to).anchors.has(anchor))
            errors.push(`${document.source}: ${href}: ${to} has no heading #${anchor}`);
        return (relative(from, target(to)) || path.posix.basename(from)) + (anchor ? `#${anchor}` : "");
    }
    if (!existsSync(path.join(root, to)) || statSync(path.join(root, to)).isDirectory()) {
        errors.push(`${document.source}: ${href}: there is no such document or file`);
        return href;
    }
    if (picture.test(to)) {
        copied.add(to);
        return relative(from, to);
    }
    shown.add(to);
    return relative(from, `files/${to}.html`);
}

const index = [];
const menu = sections.map(({ section, pages }) => ({
    section, pages: pages.map((source) => ({ title: documents.get(source).title, target: target(source) })),
}));
for (const [source, document] of documents) {
    try {
        const content = document.render((href) => resolve(document, href));
        write(target(source), page({ target: target(source), title: document.title, content, headings: document.headings, menu }));
    } catch (error) {
        errors.push(`${source}: ${error.message}`);
    }
    for (const part of document.parts())
        index.push({ id: index.length, target: target(source) + (part.anchor ? `#${part.anchor}` : ""), page: document.title, ...part });
}

const files = [...shown].sort();
for (const name of files) {
    const content = highlightFile(name, readFileSync(path.join(root, name), "utf8"));
    write(`files/${name}.html`, file({ target: `files/${name}.html`, name, content, menu }));
}
write("files/index.html", page({
    target: "files/index.html", title: "Files", headings: [], menu,
    content: "<h1>Files that the pages show</h1><ul>" + files.map((name) => `<li><a href="${name}.html">${name}</a></li>`).join("") + "</ul>",
}));
for (const name of copied)
    write(name, readFileSync(path.join(root, name)));

// ---- what all pages use, with its licenses ----------------------------------------------------------------------------------------

// Of each font the format that all browsers read.
const katex = path.dirname(require.resolve("katex/dist/katex.min.css"));
write("assets/katex.css", readFileSync(path.join(katex, "katex.min.css"), "utf8").replace(/,url\([^)]*\.(woff|ttf)\) format\("[a-z]+"\)/g, ""));
cpSync(path.join(katex, "fonts"), path.join(out, "assets/fonts"), { recursive: true, filter: (name) => !/\.(woff|ttf)$/.test(name) });
write("assets/style.css", readFileSync(path.join(here, "style.css"), "utf8"));
write("assets/search.js", readFileSync(path.join(here, "search.js"), "utf8"));
const miniSearch = path.resolve(path.dirname(require.resolve("minisearch")), "..");
write("assets/minisearch.js", readFileSync(path.join(miniSearch, "umd/index.js"), "utf8").replace(/\n\/\/# sourceMappingURL=.*/, ""));
write("assets/index.js", `const documents = ${JSON.stringify(index).replaceAll("</", "<\\/")};\n`);
write("assets/licenses/katex.txt", readFileSync(path.join(katex, "../LICENSE"), "utf8"));
write("assets/licenses/minisearch.txt", readFileSync(path.join(miniSearch, "../LICENSE.txt"), "utf8"));

for (const error of errors)
    console.error(error);
if (errors.length > 0)
    process.exit(1);
console.log(`${documents.size} pages, ${files.length} files`);
