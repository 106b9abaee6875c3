// The reference of the C interface, as Markdown, from the header's own comments. What this does not understand is an error, so nothing of the
// header can be missing here.

const lines = (comment) => comment.replace(/^\/\*|\*\/$/g, "").split("\n").map((line) => line.replace(/^\s*\*? ?/, "").trimEnd());
const words = (comment) => lines(comment).join(" ").replace(/\s+/g, " ").trim();
// Names, and what they are assigned or pointed at, as code; what Markdown would take for its own stays as it is.
const prose = (text) => text.split(/((?<![\w*])\*?[A-Za-z]+(?:_\w*|\.[a-z]\w*_\w*)+\*?(?:\.\w+)?(?:\(\))?|(?<![\w*])\*[a-z]\w*)/)
    .map((part, i) => (i % 2 === 1 ? `\`${part}\`` : part.replace(/[\\`*_[\]<>|]/g, "\\$&"))).join("");
const signature = (text) => {
    const line = text.replace(/\s*\n\s*/g, " ");
    return line.length < 90 ? line : line.replace(/\(/, "(\n    ").replace(/, /g, ",\n    ");
};

class Reader {
    constructor(text) {
        this.text = text;
        this.at = 0;
    }

    take(pattern) {
        const match = new RegExp(pattern.source, `${pattern.flags.replace("s", "")}ys`);
        match.lastIndex = this.at;
        const found = match.exec(this.text);
        if (found)
            this.at = match.lastIndex;
        return found;
    }

    get done() {
        this.take(/\s*/);
        return this.at >= this.text.length;
    }

    fail() {
        throw new Error(`denoise_insitu.h: site/header.mjs does not understand: ${this.text.slice(this.at, this.at + 80)}`);
    }
}

const comment = /\s*(\/\*(?:(?!\*\/).)*\*\/)/;

// Rows of a struct: fields with what follows them, and remarks between them.
function fieldsOf(body) {
    const rows = [], reader = new Reader(body);
    while (!reader.done) {
        let match;
        // A comment on a line of its own is of the fields below.
        if ((match = reader.take(/\/\*((?:(?!\*\/).)*)\*\/[ \t]*/)))
            rows.push({ remark: words(match[0].trim()) });
        else if ((match = reader.take(/([^;/]+);([ \t]*\/\*(?:(?!\*\/).)*\*\/)?/)))
            rows.push({ field: match[1].replace(/\s+/g, " ").trim(), text: match[2] ? words(match[2].trim()) : "" });
        else
            reader.fail();
    }
    return rows;
}

const struct = (name, about, body) => [`### ${name}`, "", prose(about), "", "| field | |", "|---|---|",
    ...fieldsOf(body).map((row) => row.remark ? `| | *${prose(row.remark)}* |` : `| \`${row.field}\` | ${prose(row.text)} |`), ""];

// Functions, structs, types and constants in the order of the header.
export function reference(header) {
    const begin = header.indexOf("#define DN_ABI_MAJOR"), end = header.lastIndexOf("#ifdef __cplusplus");
    const rules = header.slice(0, header.indexOf("#ifndef"));
    const reader = new Reader(header.slice(begin, end));
    const functions = [], structs = [], types = [], constants = [];
    let about = "", group = null;
    while (!reader.done) {
        let match;
        if ((match = reader.take(/#define (\w+) ([^\s/]+)[ \t]*(\/\*(?:(?!\*\/).)*\*\/)?/))) {
            if (about !== "" || group === null)
                constants.push(group = { about, rows: [] });
            group.rows.push(`| \`${match[1]}\` | ${match[2]} | ${prose(match[3] ? words(match[3]) : "")} |`);
            about = "";
        } else if ((match = reader.take(/typedef struct (\w+) \{(.*?)\n\} \1;/))) {
            structs.push(...struct(match[1], about, match[2]));
            about = "", group = null;
        } else if ((match = reader.take(/typedef (\w+) (\w+);/))) {
            types.push(`| \`${match[2]}\` | \`${match[1]}\` | ${prose(about)} |`);
            // What a function returns is followed by its values.
            group = null;
            if (match[2] !== "dn_status")
                about = "";
        } else if ((match = reader.take(/(?:const )?\w+\*? (dn_\w+)\([^;]*\);/))) {
            functions.push(`### ${match[1]}`, "", "```c", signature(match[0]), "```", "", prose(about), "");
            about = "", group = null;
        } else if ((match = reader.take(comment))) {
            about = words(match[1]);
        } else
            reader.fail();
    }
    const tables = constants.flatMap(({ about: text, rows }) => [prose(text), "", "| name | value | |", "|---|---|---|", ...rows, ""]);
    return ["## Rules", "", ...rulesOf(rules), "", "## Functions", "", ...functions, "## Structs", "", ...structs,
        "## Types", "", "| type | is | |", "|---|---|---|", ...types, "", "## Constants", "", ...tables].join("\n");
}

// The list of the header's first comment.
function rulesOf(text) {
    const all = lines(text.trim());
    const from = all.findIndex((line) => line.startsWith("Rules that hold"));
    if (from < 0)
        throw new Error("denoise_insitu.h: its first comment has no 'Rules that hold'");
    const rules = [];
    for (const line of all.slice(from + 1))
        if (line.trim().startsWith("- "))
            rules.push(line.trim());
        else if (line.trim() !== "")
            rules.push(`${rules.pop()} ${line.trim()}`);
    return rules.map((rule) => `- ${prose(rule.slice(2))}`);
}
