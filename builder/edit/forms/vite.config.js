import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

// Fonts come with the bundle; the style that names them on another host as well would ask for them there first.
const ownFonts = {
  name: "own-fonts",
  transform: (code, id) =>
    id.includes("@sveltia/cms") ? code.replace(/url\(https:\/\/cdn\.jsdelivr\.net\/[^)]*\)/g, 'local("none")') : null,
};

// What the bundle was made of, so that a later look can tell whether it still is: tests/forms.py makes the same digest.
const sources = [
  "package.json", "package-lock.json", "vite.config.js",
  "src/main.js", "src/paste.js", "../clipboard.js", "../../preview/copy.js",
  "src/main.css", "src/host.js",
];
const digestOfSources = {
  name: "digest-of-sources",
  generateBundle() {
    const digest = createHash("sha256");
    for (const name of sources) digest.update(readFileSync(new URL(name, import.meta.url))).update("\0");
    this.emitFile({ type: "asset", fileName: "sources.sha256", source: digest.digest("hex") });
  },
};

export default defineConfig({
  // Relative: the files lie in admin/forms/ of whatever address the sites have.
  base: "./",
  plugins: [ownFonts, digestOfSources],
  build: {
    assetsDir: "assets",
    chunkSizeWarningLimit: 4000,
    emptyOutDir: true,
    manifest: "manifest.json",
    outDir: "dist",
    rollupOptions: { input: ["src/main.js", "src/host.js"] },
  },
});
