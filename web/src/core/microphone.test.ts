import { expect, it } from 'vitest'
import { microphoneTrouble } from './microphone'

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
