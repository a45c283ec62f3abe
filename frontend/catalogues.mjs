// Writes the islands' words, one file per language: dist/locale/<language>-<hash>.json, from locale/*/LC_MESSAGES/django.po.
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"

const locale = new URL("../locale/", import.meta.url)
const target = new URL("dist/locale/", import.meta.url)
const ENOUGH = 200

/** {msgctxt?, msgid, msgid_plural?, msgstr…} with the comments' `references` and `flags`. */
function entry(text) {
	const found = { references: "", flags: "" }
	let field
	for (const line of text.split("\n")) {
		const [, name, quoted] = line.match(/^(?:(msg\S+)\s+)?(".*")$/) ?? []
		if (line.startsWith("#:")) found.references += line
		else if (line.startsWith("#,")) found.flags += line
		if (quoted === undefined) continue
		field = name ?? field
		found[field] = (found[field] ?? "") + JSON.parse(quoted)
	}
	return found
}

function forms(found) {
	return Object.keys(found)
		.filter((name) => name.startsWith("msgstr["))
		.sort()
		.map((name) => found[name])
}

function isOurs(found) {
	return found.msgid && !found.msgctxt && !found.flags.includes("fuzzy") && found.references.includes("frontend/")
}

/** Which form belongs to which of Intl's categories, from gettext's expression. */
function categories(language, header) {
	const expression = header.match(/plural=([^;]+);/)?.[1] ?? "(n != 1)"
	if (!/^[\sn\d()?:%&|<>=!]+$/.test(expression)) throw new Error(`${language}: strange plural forms ${expression}`)
	const form = new Function("n", `return Number(${expression})`)
	const rules = new Intl.PluralRules(language)
	const found = {}
	for (let count = 0; count <= ENOUGH; count++) {
		const category = rules.select(count)
		if ((found[category] ??= form(count)) !== form(count)) throw new Error(`${language}: the plural of ${count} is not ${category}`)
	}
	return found
}

function catalogue(language) {
	const text = readFileSync(new URL(`${language}/LC_MESSAGES/django.po`, locale), "utf8")
	const [header, ...entries] = text.split(/\n{2,}/).map(entry)
	const ours = entries.filter(isOurs)
	const messages = ours.map((found) => [found.msgid, found.msgid_plural === undefined ? found.msgstr : forms(found)])
	const translated = messages.filter(([, said]) => [said].flat().every(Boolean))
	return JSON.stringify({ messages: Object.fromEntries(translated), forms: categories(language, header.msgstr) })
}

function write(language) {
	const json = catalogue(language)
	const hash = createHash("sha256").update(json).digest("hex").slice(0, 10)
	writeFileSync(new URL(`${language}-${hash}.json`, target), json)
}

rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
const languages = existsSync(locale) ? readdirSync(locale) : []
for (const language of languages) if (existsSync(new URL(`${language}/LC_MESSAGES/django.po`, locale))) write(language)
