// bundle.mjs PAGE: one HTML file of src/page.html, its styles and its code, with the licenses of the libraries in it.
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const libraries = { uplot: "LICENSE", "twgl.js": "LICENSE.md" };
const packages = "../node_modules";

const result = await build({
    entryPoints: ["src/main.ts"],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
});
const script = result.outputFiles[0].text;
const styles = await build({
    entryPoints: ["src/style.css"], bundle: true, minify: true, write: false, logLevel: "warning",
});

const licenses = Object.entries(libraries).map(([name, file]) => {
    const { version } = JSON.parse(readFileSync(`${packages}/${name}/package.json`, "utf8"));
    return `${name} ${version}\n\n${readFileSync(`${packages}/${name}/${file}`, "utf8").trim()}\n`;
});

// A function: in a plain string "$&" of the code would mean something.
const fill = (text, mark, content) => {
    if (text.split(mark).length !== 2) throw new Error(`page.html has no place, or several, for ${mark}`);
    return text.replace(mark, () => content);
};
let page = readFileSync("src/page.html", "utf8");
page = fill(page, "/*STYLES*/", styles.outputFiles[0].text.trim());
page = fill(page, "<!--LICENSES-->", `<!--\n${licenses.join("\n----\n\n").replaceAll("--", "- -")}-->`);
page = fill(page, "/*SCRIPT*/", script.trim().replaceAll("</script", "<\\/script"));
writeFileSync(process.argv[2], page);
