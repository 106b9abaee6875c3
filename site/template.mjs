// What stands around the content of a page.

import path from "node:path";

const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

function frame({ target, title, content, menu, aside }) {
    const to = (other) => path.posix.relative(path.posix.dirname(target), other) || path.posix.basename(target);
    const current = (other) => (other === target ? ' aria-current="page"' : "");
    const link = ({ title: name, target: other }) => `<li><a href="${to(other)}"${current(other)}>${escape(name)}</a></li>`;
    const sections = menu.map(({ section, pages }) => `<h2>${section}</h2><ul>${pages.map(link).join("")}</ul>`).join("\n");
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel="stylesheet" href="${to("assets/katex.css")}">
<link rel="stylesheet" href="${to("assets/style.css")}">
</head>
<body data-root="${to("index.html").replace(/index\.html$/, "")}">
<nav id="menu">
<p id="name"><a href="${to("index.html")}">Denoise.InSitu</a></p>
<input id="search" type="search" placeholder="Search" aria-label="Search" autocomplete="off"><ol id="found" hidden></ol>
<details id="pages" open><summary>Pages</summary>
${sections}
<p><a href="${to("files/index.html")}">Files</a></p>
<p>Licenses: <a href="${to("assets/licenses/katex.txt")}">KaTeX</a>, <a href="${to("assets/licenses/minisearch.txt")}">MiniSearch</a></p>
</details>
</nav>
<main>
${content}
</main>
${aside}
<script src="${to("assets/minisearch.js")}" defer></script>
<script src="${to("assets/index.js")}" defer></script>
<script src="${to("assets/search.js")}" defer></script>
</body>
</html>
`;
}

// target: its path on the site; menu: sections of titles and paths; headings: level, title, anchor.
export function page({ headings, ...rest }) {
    const listed = headings.filter(({ level }) => level === 2 || level === 3);
    const items = listed.map(({ level, title, anchor }) => `<li class="level${level}"><a href="#${anchor}">${escape(title)}</a></li>`);
    return frame({ ...rest, aside: listed.length > 1 ? `<aside><h2>On this page</h2><ul>${items.join("")}</ul></aside>` : "" });
}

// A source.
export function file({ name, content, ...rest }) {
    return frame({ ...rest, title: name, content: `<h1 class="file">${escape(name)}</h1>${content}`, aside: "" });
}
