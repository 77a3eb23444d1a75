import { createApp, h, type App } from 'vue'
import { afterEach, describe, expect, it } from 'vitest'
import type { MicrophoneTrouble } from '@/core/microphone'
import MicrophoneHelp from './MicrophoneHelp.vue'

describe('help where there is no microphone', () => {
  let app: App
  afterEach(() => app.unmount())

  function shown(trouble: MicrophoneTrouble, host: boolean): string {
    document.body.innerHTML = '<div id="here"></div>'
    app = createApp({ render: () => h(MicrophoneHelp, { trouble, host }) })
    app.mount('#here')
    return document.body.textContent.replace(/\s+/g, ' ')
  }

  it('[O2] names the cause, with the address that lacks HTTPS', () => {
    const text = shown('insecure', false)
    expect(text).toContain('The microphone needs HTTPS')
    expect(text).toContain(window.location.origin)
  })

  it('[O2] tells hosts what they can do, and where it works already', () => {
    const text = shown('insecure', true)
    for (const way of ['--https', '--cert … --key …', '--tunnel ngrok', 'reverse proxy'])
      expect(text).toContain(way)
    expect(text).toMatch(/http:\/\/localhost(:\d+)? has the microphone as it is/)
    expect(text).not.toContain('tell them')
  })

  it('[O2] sends everyone else to the host, without commands that are not theirs', () => {
    const text = shown('insecure', false)
    expect(text).toContain('Only the host can change that')
    expect(text).not.toContain('salon serve')
  })

  it('[O2] leads out of browsers that have none', () => {
    const text = shown('unsupported', true)
    expect(text).toContain('This browser has no microphone for pages')
    expect(text).not.toContain('HTTPS')
  })

  it('[M1] has a way out of each of the others', () => {
    expect(shown('denied', false)).toMatch(/The microphone is not allowed.*allow the microphone there/)
    expect(shown('missing', false)).toMatch(/No microphone was found.*Connect one/)
    expect(shown('busy', false)).toMatch(/The microphone does not start.*Another app/)
  })
})
