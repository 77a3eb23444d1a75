import { shallowRef } from 'vue'

/** What goes out instead of what a device gives. `stop` lets go of everything but the track that was given. */
export interface Processed {
  readonly track: MediaStreamTrack
  stop: () => void
}

/**
 * Changes what is sent, as a blurred background or less noise. It is given each new track of a device and may take its
 * time: until it is done, and when it rejects, nothing is shown or sent that it was to change (camera), or the plain sound goes
 * on (microphone). Ending the given track ends what came of it.
 */
export type Processor = (track: MediaStreamTrack) => Promise<Processed>

/** What is in force; null: as it comes. Set them at any time, in a call too: what is sent changes without a new connection. */
export const cameraProcessor = shallowRef<Processor | null>(null)
export const microphoneProcessor = shallowRef<Processor | null>(null)
