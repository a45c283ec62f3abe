const NOTES = [523.25, 659.25, 783.99]
const EACH = 0.35
const LOUD = 0.2

/** Plays three notes so that somebody can tell whether they hear; on `speaker` where the browser lets one choose. */
export async function playTone(speaker = "") {
	const context = new AudioContext()
	if (speaker && "setSinkId" in context) await (context as AudioContext & { setSinkId(id: string): Promise<void> }).setSinkId(speaker)
	NOTES.forEach((note, index) => ring(context, note, context.currentTime + index * EACH))
	await new Promise((resolve) => setTimeout(resolve, (NOTES.length * EACH + 0.3) * 1000))
	await context.close()
}

function ring(context: AudioContext, frequency: number, from: number) {
	const oscillator = new OscillatorNode(context, { frequency })
	const gain = new GainNode(context, { gain: 0 })
	gain.gain.setValueAtTime(0, from)
	gain.gain.linearRampToValueAtTime(LOUD, from + 0.02)
	gain.gain.linearRampToValueAtTime(0, from + EACH)
	oscillator.connect(gain).connect(context.destination)
	oscillator.start(from)
	oscillator.stop(from + EACH)
}
