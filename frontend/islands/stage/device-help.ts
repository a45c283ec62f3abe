import { t } from "../../i18n"
import type { Kind, Reason } from "../../media/devices"

/** What is wrong with a device, in a sentence. */
export function problem(kind: Kind, reason: Reason): string {
	const words: Record<Kind, Record<Reason, () => string>> = {
		microphone: {
			browser: () => t("Your browser blocks the microphone for this page."),
			dismissed: () => t("Your browser asked for the microphone and was not answered."),
			system: () => t("Your computer does not let the browser use the microphone."),
			busy: () => t("Another program is using the microphone."),
			none: () => t("No microphone was found."),
			insecure: () => t("This page can use no microphone, because it was not opened by https."),
			unknown: () => t("The microphone could not be opened."),
		},
		camera: {
			browser: () => t("Your browser blocks the camera for this page."),
			dismissed: () => t("Your browser asked for the camera and was not answered."),
			system: () => t("Your computer does not let the browser use the camera."),
			busy: () => t("Another program is using the camera."),
			none: () => t("No camera was found."),
			insecure: () => t("This page can use no camera, because it was not opened by https."),
			unknown: () => t("The camera could not be opened."),
		},
	}
	return words[kind][reason]()
}

/** What to do about it, in this browser on this system. */
export function help(reason: Reason, agent = navigator.userAgent): string {
	switch (reason) {
		case "browser":
			return blocked(agent)
		case "dismissed":
			return t("Try again, and press “Allow”.")
		case "system":
			return system(agent)
		case "busy":
			return t("Close it, for example another meeting, and try again.")
		case "none":
			return t("Plug one in and try again. If it has a switch or a shutter, open it.")
		case "insecure":
			return t("Ask the organisers for the right address.")
		default:
			return t("Unplug it, plug it in again, and try again; or choose another one.")
	}
}

function blocked(agent: string): string {
	if (/iPhone|iPad/.test(agent)) return t("Open Settings, Apps, your browser, and allow it there; then load this page again.")
	if (/Firefox/.test(agent)) return t("Press the crossed-out sign to the left of the address, remove the block, and try again.")
	if (/Android/.test(agent)) return t("Press the sign to the left of the address, then Permissions, and allow it; then try again.")
	if (/Edg|Chrome/.test(agent)) return t("Press the sign to the left of the address, switch it on there, and try again.")
	return t("In the menu Safari choose Settings for this website, allow it there, and try again.")
}

function system(agent: string): string {
	if (/Mac OS X/.test(agent)) return t("Open System Settings, Privacy & Security, allow it for your browser, and start the browser anew.")
	if (/Windows/.test(agent)) return t("Open Settings, Privacy & security, allow it for desktop apps, and try again.")
	if (/Android/.test(agent)) return t("Open Settings, Apps, your browser, Permissions, allow it there, and try again.")
	return t("Allow it in the settings of your system, and try again.")
}
