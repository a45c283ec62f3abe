// Prints the sentences of the islands as JSON: [{file, one, many?}], for `manage.py messages`.
// Svelte is read as compiled for the server: there every expression of a template is plain JavaScript.
import { readdirSync, readFileSync } from "node:fs"
import { parse } from "acorn"
import { compile } from "svelte/compiler"
import ts from "typescript"

const root = new URL(".", import.meta.url)
const ARGUMENTS = { t: 1, n: 2 }

function under(folder) {
	return readdirSync(new URL(folder, root), { recursive: true }).map((file) => `${folder}/${file}`)
}

function plain(source) {
	const compilerOptions = { target: "ESNext", module: "ESNext", verbatimModuleSyntax: true }
	return ts.transpileModule(source, { compilerOptions }).outputText
}

function script(file) {
	const source = readFileSync(new URL(file, root), "utf8")
	if (!file.endsWith(".svelte")) return plain(source)
	return compile(source, { generate: "server", filename: file }).js.code
}

function* calls(node) {
	if (node?.type === "CallExpression" && node.callee.name in ARGUMENTS) yield node
	for (const child of Object.values(node)) {
		for (const part of Array.isArray(child) ? child : [child]) if (part?.type) yield* calls(part)
	}
}

function message(file, call) {
	const said = call.arguments.slice(0, ARGUMENTS[call.callee.name])
	const strange = said.find((argument) => typeof argument.value !== "string")
	if (strange) throw new Error(`${file}: ${call.callee.name}() needs its sentences written out, or nobody can translate them`)
	const [one, many] = said.map((argument) => argument.value)
	return { file, one, many }
}

const OURS = /^(page\.ts|(islands|live)\/.+\.(ts|svelte))$/
const everything = [...readdirSync(root), ...["islands", "live"].flatMap(under)]
const files = everything.filter((file) => OURS.test(file)).sort()
const messages = files.flatMap((file) => {
	const tree = parse(script(file), { ecmaVersion: "latest", sourceType: "module" })
	return [...calls(tree)].map((call) => message(file, call))
})
console.log(JSON.stringify(messages))
