import { fileURLToPath } from "node:url"
import { svelte, vitePreprocess } from "@sveltejs/vite-plugin-svelte"
import { svelteTesting } from "@testing-library/svelte/vite"
import { defineConfig } from "vitest/config"

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
	root: here("."),
	base: "/static/",
	plugins: [svelte({ preprocess: vitePreprocess() }), svelteTesting()],
	build: {
		outDir: "dist",
		emptyOutDir: true,
		manifest: "manifest.json",
		assetsDir: "built",
		modulePreload: { polyfill: false },
		// light-dark(), nesting and :dir() are used as they are: lowering them would undo themes set by a place on the page.
		target: ["chrome123", "firefox128", "safari17.5"],
		rollupOptions: {
			input: {
				page: here("page.ts"),
				room: here("islands/room/main.ts"),
				desk: here("islands/desk/main.ts"),
				speaker: here("islands/speaker/main.ts"),
				backstage: here("islands/backstage/main.ts"),
				conversation: here("islands/conversation/main.ts"),
				projector: here("islands/projector/main.ts"),
				pair: here("islands/pair/main.ts"),
				lounge: here("islands/lounge/main.ts"),
				push: here("push/worker.ts"),
			},
			// Django serves the service worker under one name for ever, and it imports nothing.
			output: { entryFileNames: ({ name }) => (name === "push" ? "push.js" : "built/[name]-[hash].js") },
		},
	},
	test: {
		environment: "happy-dom",
		include: ["tests/**/*.test.ts"],
		restoreMocks: true,
		testTimeout: 30_000,
	},
})
