import type { Sending } from './sending'

type Degradation = 'balanced' | 'maintain-resolution'

const busy = new WeakMap<RTCRtpSender, Promise<void>>()

function same(encoding: RTCRtpEncodingParameters, to: Sending): boolean {
  return (
    (encoding.active ?? true) === to.active &&
    Math.abs((encoding.scaleResolutionDownBy ?? 1) - to.scale) < 0.01 &&
    encoding.maxBitrate === to.maxBitrate &&
    encoding.maxFramerate === to.maxFramerate
  )
}

async function change(sender: RTCRtpSender, to: Sending, degradation: Degradation): Promise<void> {
  const parameters = sender.getParameters()
  const [encoding] = parameters.encodings ?? []
  if (!encoding || same(encoding, to)) return
  Object.assign(encoding, {
    active: to.active,
    scaleResolutionDownBy: to.scale,
    maxBitrate: to.maxBitrate,
    maxFramerate: to.maxFramerate,
  })
  parameters.degradationPreference = degradation
  try {
    await sender.setParameters(parameters)
  } catch {
    // A browser that does not know all of it, or the connection has just become another one: it is tried with the next look.
  }
}

/** Sets a sender; one change after the other, and none when it is so already. */
export function setSender(sender: RTCRtpSender, to: Sending, degradation: Degradation): Promise<void> {
  const next = (busy.get(sender) ?? Promise.resolve()).then(() => change(sender, to, degradation))
  busy.set(sender, next)
  return next
}
