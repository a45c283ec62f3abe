/** The large picture in a window of its own, or over the whole screen. */

export const hasPictureInPicture = () => "pictureInPictureEnabled" in document && document.pictureInPictureEnabled
export const hasFullScreen = () => document.fullscreenEnabled

export async function pictureInPicture(place: HTMLElement) {
	if (!hasPictureInPicture()) return
	const large = place.querySelector<HTMLVideoElement>(".tile[data-large] video")
	if (document.pictureInPictureElement) await document.exitPictureInPicture()
	else if (large?.videoWidth) await large.requestPictureInPicture()
}

export async function fullScreen(place: HTMLElement) {
	if (document.fullscreenElement) await document.exitFullscreen()
	else if (hasFullScreen()) await place.requestFullscreen()
}
