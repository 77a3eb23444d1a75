import { expect, it } from 'vitest'
import { microphoneCause, microphoneTrouble } from './microphone'

const mediaDevices = { getUserMedia: () => undefined }

it('[O2] says that HTTPS is missing before anything else', () => {
  expect(microphoneTrouble({ isSecureContext: false, navigator: {} })).toBe('insecure')
  expect(microphoneTrouble({ isSecureContext: false, navigator: { mediaDevices } })).toBe('insecure')
})

it('[O2] tells browsers without a microphone from pages without HTTPS', () => {
  expect(microphoneTrouble({ isSecureContext: true, navigator: {} })).toBe('unsupported')
  expect(microphoneTrouble({ isSecureContext: true, navigator: { mediaDevices: {} } })).toBe('unsupported')
})

it('[O2] says nothing where the microphone can be asked for', () => {
  expect(microphoneTrouble({ isSecureContext: true, navigator: { mediaDevices } })).toBeNull()
})

it('[M1] names the cause of what the browser refuses', () => {
  const cause = (name: string) => microphoneCause(new DOMException('', name))
  expect(['NotAllowedError', 'SecurityError'].map(cause)).toEqual(['denied', 'denied'])
  expect(['NotFoundError', 'OverconstrainedError'].map(cause)).toEqual(['missing', 'missing'])
  expect(['NotReadableError', 'AbortError'].map(cause)).toEqual(['busy', 'busy'])
  expect(microphoneCause(new TypeError())).toBe('unsupported')
  expect(microphoneCause('something else')).toBe('busy')
})
