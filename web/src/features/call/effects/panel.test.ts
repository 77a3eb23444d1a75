import { createApp, nextTick } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import EffectsPanel from './EffectsPanel.vue'
import * as effects from './index'
import type { BackgroundState } from './types'

// The browser of these tests has neither.
vi.stubGlobal('OffscreenCanvas', function OffscreenCanvas() {})
HTMLCanvasElement.prototype.captureStream = () => new MediaStream()

const box = document.createElement('div')
let app: ReturnType<typeof createApp> | null = null

async function shown(state: BackgroundState): Promise<string> {
  effects.health.value = { state, rate: 12, height: 360 }
  app = createApp(EffectsPanel)
  app.mount(box)
  await nextTick()
  return box.textContent
}

afterEach(() => {
  app?.unmount()
  effects.background.value = 'none'
})

describe('what the panel of backgrounds says', () => {
  it('says nothing while all is well', async () => {
    expect(await shown('full')).not.toMatch(/busy|slow|hidden until/)
  })

  it('says that the picture is smaller so that the call does not suffer [M10]', async () => {
    expect(await shown('reduced')).toContain('so that the call does not suffer')
  })

  it('offers to switch off what is too slow, and does [M10]', async () => {
    effects.background.value = 'lamp'
    expect(await shown('struggling')).toContain('too slow for a background')
    const button = [...box.querySelectorAll('button')].find((each) =>
      each.textContent.includes('Switch the background off'),
    )
    button!.click()
    await nextTick()
    expect(effects.background.value).toBe('none')
    expect(box.querySelector<HTMLInputElement>('input[value=none]')!.checked).toBe(true)
  })

  it('says that one stays hidden when it does not run at all', async () => {
    expect(await shown('failed')).toContain('You stay hidden until you switch it off')
  })
})
