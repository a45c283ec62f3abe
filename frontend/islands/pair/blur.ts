/** Background blur, where browser and system offer it (Media Capture and Streams Extensions, section 8). */

interface Blurring {
	backgroundBlur?: boolean | boolean[]
}

export function canBlur(camera: MediaStreamTrack | null): boolean {
	const offered = (camera?.getCapabilities?.() as Blurring | undefined)?.backgroundBlur
	return Array.isArray(offered) && offered.includes(true) && offered.includes(false)
}

export function blurs(camera: MediaStreamTrack | null): boolean {
	return (camera?.getSettings() as Blurring | undefined)?.backgroundBlur === true
}

/** False if it could not be done after all. */
export async function setBlur(camera: MediaStreamTrack | null, on: boolean): Promise<boolean> {
	try {
		await camera?.applyConstraints({ backgroundBlur: on } as MediaTrackConstraints)
		return blurs(camera) === on
	} catch (problem) {
		if (problem instanceof DOMException) return false
		throw problem
	}
}
