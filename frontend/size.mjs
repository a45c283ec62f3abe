// Prints what a visitor downloads for each entry, gzipped, and fails when the room's promise is broken.
import { readFileSync } from "node:fs"
import { gzipSync } from "node:zlib"

const LIMITS = { room: 80_000, page: 60_000 }
const dist = new URL("dist/", import.meta.url)
const manifest = JSON.parse(readFileSync(new URL("manifest.json", dist), "utf8"))
const zipped = (file) => gzipSync(readFileSync(new URL(file, dist))).length

function files(key, seen = new Set()) {
	const chunk = manifest[key]
	if (seen.has(chunk.file)) return seen
	for (const file of [chunk.file, ...(chunk.css ?? [])]) seen.add(file)
	for (const imported of chunk.imports ?? []) files(imported, seen)
	return seen
}

for (const [key, chunk] of Object.entries(manifest)) {
	if (!chunk.isEntry) continue
	const sizes = [...files(key)].map((file) => [file, zipped(file)])
	const total = sizes.reduce((sum, [, size]) => sum + size, 0)
	console.log(`${chunk.name}: ${(total / 1000).toFixed(1)} KB gzip`)
	if (total > (LIMITS[chunk.name] ?? Infinity)) {
		console.error(`${chunk.name} is over its ${LIMITS[chunk.name] / 1000} KB`)
		process.exitCode = 1
	}
}
