// Documents: Markdown as GitHub takes it, to HTML. Formulas are set when the page is made.

import highlighter from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import python from "highlight.js/lib/languages/python";
import katex from "katex";
import MarkdownIt from "markdown-it";
import { lammps } from "./lammps.mjs";

for (const [name, language] of Object.entries({ sh: bash, c, python, lammps }))
    highlighter.registerLanguage(name, language);

const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
const formula = (text, displayMode) => katex.renderToString(text, { displayMode, throwOnError: true, strict: "error" });
const colored = (text, language) => highlighter.getLanguage(language) ? highlighter.highlight(text, { language }).value : escape(text);

// $`...`$, which GitHub takes for a formula, too: a dollar alone is one of a shell.
function inlineFormula(state, silent) {
    if (!state.src.startsWith("$`", state.pos))
        return false;
    const end = state.src.indexOf("`$", state.pos + 2);
    if (end < 0)
        return false;
    if (!silent)
        state.push("formula", "", 0).content = state.src.slice(state.pos + 2, end);
    state.pos = end + 2;
    return true;
}

// The anchor that GitHub gives a heading.
function slug(title, taken) {
    const base = title.trim().toLowerCase().replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, "").replace(/\s/g, "-");
    let name = base;
    for (let n = 1; taken.has(name); n++)
        name = `${base}-${n}`;
    taken.add(name);
    return name;
}

const plain = (token) => (token.children ?? []).map((child) => /break$/.test(child.type) ? " " : child.content).join("");

export class Document {
    constructor(source, text) {
        this.source = source;
        this.anchors = new Set();
        this.headings = [];
        this.markdown = new MarkdownIt({ html: false, linkify: false, highlight: colored });
        this.markdown.inline.ruler.before("backticks", "formula", inlineFormula);
        this.markdown.renderer.rules.formula = (tokens, i) => formula(tokens[i].content, false);
        const fence = this.markdown.renderer.rules.fence;
        this.markdown.renderer.rules.fence = (tokens, i, ...rest) =>
            tokens[i].info.trim() === "math" ? formula(tokens[i].content, true) : fence(tokens, i, ...rest);
        this.markdown.renderer.rules.table_open = () => '<div class="table"><table>';
        this.markdown.renderer.rules.table_close = () => "</table></div>";
        this.tokens = this.markdown.parse(text, {});
        this.tokens.forEach((token, i) => {
            if (token.type !== "heading_open")
                return;
            const title = plain(this.tokens[i + 1]), anchor = slug(title, this.anchors);
            token.attrSet("id", anchor);
            this.headings.push({ level: Number(token.tag[1]), title, anchor });
        });
        this.title = this.headings[0]?.title;
        if (this.headings[0]?.level !== 1)
            throw new Error(`${source}: has no title; begin it with '# '`);
    }

    // resolve: where a link of the source leads on the site.
    render(resolve) {
        const inline = (tokens) => {
            for (const token of tokens) {
                if (token.type === "link_open")
                    token.attrSet("href", resolve(token.attrGet("href")));
                if (token.type === "image")
                    token.attrSet("src", resolve(token.attrGet("src")));
                inline(token.children ?? []);
            }
        };
        inline(this.tokens);
        return this.markdown.renderer.render(this.tokens, this.markdown.options, {});
    }

    // For the search: what stands below each heading.
    parts() {
        const found = [];
        this.tokens.forEach((token, i) => {
            if (token.type === "heading_open")
                found.push({ anchor: found.length === 0 ? "" : token.attrGet("id"), title: plain(this.tokens[i + 1]), text: "" });
            else if (found.length > 0 && this.tokens[i - 1]?.type !== "heading_open")
                found.at(-1).text += token.type === "inline" ? `${plain(token)} ` : token.type === "fence" ? `${token.content} ` : "";
        });
        return found;
    }
}

const languages = [[/\.py$/, "python"], [/\.(c|h)$/, "c"], [/\.sh$/, "sh"], [/(^|\/)in\.[^/]*$|\.lmp$/, "lammps"]];

// A source with its lines.
export function highlightFile(name, text) {
    const language = languages.find(([pattern]) => pattern.test(name))?.[1] ?? "text";
    return `<pre><code>${colored(text, language)}</code></pre>`;
}
