/** Chromium's names for captured tabs (Capture Handle): how a page knows itself in what it captures. */
type Naming = MediaDevices & {
  setCaptureHandleConfig?: (config: { handle: string; permittedOrigins: string[] }) => void
}
type Captured = MediaStreamTrack & { getCaptureHandle?: () => { handle?: string } | null }

let name: string | undefined

/** From now on this tab is known by its name to whoever captures it, if they are this server's page. */
export function nameOwnTab(devices: Naming): void {
  if (name || !devices.setCaptureHandleConfig) return
  const handle = crypto.randomUUID()
  try {
    devices.setCaptureHandleConfig({ handle, permittedOrigins: [location.origin] })
    name = handle
  } catch {
    // Inside another page it may not: then it is taken for another tab, as in browsers without names.
  }
}

/** Whether this is a picture of the very tab that we are in, which plays the voices of the others. */
export function isOwnTab(picture: Captured): boolean {
  return name !== undefined && picture.getCaptureHandle?.()?.handle === name
}
