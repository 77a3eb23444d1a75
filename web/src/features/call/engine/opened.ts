import type { Trouble } from './types'
import { microphoneCause, microphoneTrouble } from '@/core/microphone'

export interface Opened {
  readonly track: MediaStreamTrack | null
  readonly trouble: Trouble | null
}

/** Opens one device; when the chosen one is not connected now, another one is better than none. */
export async function openDevice(
  kind: 'audio' | 'video',
  constraints: MediaTrackConstraints,
  chosen: string,
): Promise<Opened> {
  const trouble = microphoneTrouble()
  if (trouble) return { track: null, trouble }
  const ask = async (deviceId?: ConstrainDOMString): Promise<MediaStreamTrack | null> => {
    const wish = deviceId ? { ...constraints, deviceId } : constraints
    const stream = await navigator.mediaDevices.getUserMedia({ [kind]: wish })
    return stream.getTracks()[0] ?? null
  }
  try {
    if (chosen) {
      try {
        return { track: await ask({ exact: chosen }), trouble: null }
      } catch (error) {
        if (microphoneCause(error) === 'denied') throw error
      }
    }
    return { track: await ask(), trouble: null }
  } catch (error) {
    return { track: null, trouble: microphoneCause(error) }
  }
}
