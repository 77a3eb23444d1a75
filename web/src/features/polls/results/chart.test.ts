import { afterEach, beforeEach, expect, it, vi } from 'vitest'

/** What is drawn goes nowhere: only the size counts here. */
const paper = (canvas: HTMLCanvasElement) =>
  new Proxy<Record<string | symbol, unknown>>(
    { canvas, length: undefined },
    {
      get: (kept, name) => (name in kept ? kept[name] : () => ({ width: 0 })),
    },
  )
const FRAME = 16
const frames = (many: number) => vi.advanceTimersByTime(many * FRAME)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['requestAnimationFrame', 'Date', 'performance'] })
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      disconnect() {}
    },
  )
  vi.stubGlobal('matchMedia', () => ({ matches: false }))
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('[V5] has the size of its place, in whichever frame of a movement that changes', async () => {
  // Only now: the library takes hold of the clock when it is loaded.
  const { Chart } = await import('chart.js')
  const { drawBars } = await import('./chart')
  for (let frame = 0; frame < 40; frame++) {
    const place = document.createElement('div')
    const canvas = document.createElement('canvas')
    canvas.getContext = (() => paper(canvas)) as never
    place.append(canvas)
    document.body.append(place)
    const bars = drawBars(canvas, { values: [1], colors: ['#000'] }, false, 1)!
    const chart = Chart.getChart(canvas)!
    chart.resize(800, 400)
    frames(60)
    bars.move({ values: [0.5], colors: ['#000'] }, 1)
    frames(frame)
    chart.resize(300, 200)
    frames(60)
    expect([chart.width, chart.height], `in frame ${frame}`).toEqual([300, 200])
    bars.destroy()
    place.remove()
  }
})
