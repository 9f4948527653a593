import { defineConfig } from "vite";

// Fonts come with the bundle; the style that names them on another host as well would ask for them there first.
const ownFonts = {
  name: "own-fonts",
  transform: (code, id) =>
    id.includes("@sveltia/cms") ? code.replace(/url\(https:\/\/cdn\.jsdelivr\.net\/[^)]*\)/g, 'local("none")') : null,
};

export default defineConfig({
  // Relative: the files lie in admin/forms/ of whatever address the sites have.
  base: "./",
  plugins: [ownFonts],
  build: {
    assetsDir: "assets",
    chunkSizeWarningLimit: 4000,
    emptyOutDir: true,
    manifest: "manifest.json",
    outDir: "dist",
    rollupOptions: { input: ["src/main.js", "src/host.js"] },
  },
});
