import { createApp, h, nextTick, reactive, type App } from 'vue'
import { afterEach, expect, it, vi } from 'vitest'
import TextAnswers from './TextAnswers.vue'

const PAGE = 3
let kept: string[] = []
const ask = vi.fn((_name: string, { after }: { after: string }) => {
  const rest = kept.filter((key) => key > after)
  const texts = rest.slice(0, PAGE).map((key) => ({ key, text: `text ${key}`, count: 1 }))
  return Promise.resolve({ texts, more: rest.length > PAGE })
})
vi.mock('@/core/room', () => ({ useRoom: () => ({ ask }) }))

let app: App
afterEach(() => app.unmount())

const counts = (...keys: string[]) => keys.map((key) => ({ key, text: `text ${key}`, count: 1 }))
const shown = () => [...document.querySelectorAll('li')].map((item) => item.textContent.trim().at(-1))
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await nextTick()
}
async function more(): Promise<void> {
  document.querySelector('button')!.click()
  await settle()
}

it('[V5] a text that a host hides goes at once, though all of them had been fetched', async () => {
  kept = ['a', 'b', 'c', 'd', 'e']
  const props = reactive({ poll: 'p', texts: counts('a', 'b'), rest: 3 })
  document.body.innerHTML = '<div id="here"></div>'
  app = createApp({ render: () => h(TextAnswers, props) })
  app.mount('#here')
  expect(shown()).toEqual(['a', 'b'])
  await more()
  await more()
  expect(shown()).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(document.querySelector('button')).toBeNull()
  kept = ['a', 'b', 'c', 'e']
  Object.assign(props, { rest: 2 })
  await nextTick()
  expect(shown()).not.toContain('d')
  await settle()
  expect(shown()).toEqual(['a', 'b', 'c', 'e'])
})
