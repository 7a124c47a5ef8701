import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import type { Plugin } from "vite";

const ALLOWED = [
  "MIT",
  "ISC",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "Unlicense",
  "OFL-1.1",
  "MIT AND ISC",
];

/** The folder of the package that a module belongs to. */
function packageOf(module: string): string | undefined {
  const at = module.lastIndexOf(`${sep}node_modules${sep}`);
  if (at < 0) return undefined;
  const rest = module.slice(at + 14).split(sep);
  const name = rest[0]?.startsWith("@") ? rest.slice(0, 2) : rest.slice(0, 1);
  return join(module.slice(0, at + 14), ...name);
}

function text(folder: string): string {
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));
  return file ? readFileSync(join(folder, file), "utf8").trim() : "";
}

/** Writes `licences.txt`: what is shipped to people's browsers, under which terms. A licence that we do not allow ends the build. */
export function licences(): Plugin {
  let root = "";
  return {
    name: "licences",
    apply: "build",
    configResolved(config) {
      root = config.root;
    },
    generateBundle(_, bundle) {
      const folders = new Set<string>();
      for (const chunk of Object.values(bundle)) {
        const modules = chunk.type === "chunk" ? Object.keys(chunk.modules) : (chunk.originalFileNames ?? []);
        for (const module of modules) {
          const folder = packageOf(module.replace(/^\0/, "").replace(/\?.*$/, ""));
          if (folder && existsSync(join(folder, "package.json"))) folders.add(folder);
        }
      }
      const parts = [...folders].sort().map((folder) => {
        const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
        if (!ALLOWED.includes(about.license)) this.error(`${about.name}: its licence ${about.license} is not allowed`);
        return `${about.name} ${about.version} (${about.license})\n\n${text(folder)}`;
      });
      const fonts = join(root, "public", "fonts");
      for (const file of readdirSync(fonts).filter((name) => name.endsWith(".txt"))) {
        parts.push(readFileSync(join(fonts, file), "utf8").trim());
      }
      this.emitFile({
        type: "asset",
        fileName: "licences.txt",
        source: `${parts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`,
      });
    },
  };
}
