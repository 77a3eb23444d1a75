import { expect, it } from 'vitest'
import { LOST_MS, Meter } from './meter'

function probe(meter: Meter, ...times: (number | null)[]): string {
  let now = 0
  for (const time of times) {
    const number = meter.send(now)
    if (time === null) meter.expire((now += LOST_MS))
    else meter.answered(number, (now += time))
  }
  return meter.quality
}

it('[P4] has three steps', () => {
  expect(probe(new Meter(), 30, 40, 50)).toBe('good')
  expect(probe(new Meter(), 700, 600, 500)).toBe('fair')
  expect(probe(new Meter(), 3000, 2000, 2500)).toBe('poor')
})

it('[P4] counts answers that do not come', () => {
  expect(probe(new Meter(), 30, 30, null, 30)).toBe('fair')
  expect(probe(new Meter(), 30, null, null, null, null)).toBe('poor')
})

it('[P4] does not change for one slow answer', () => {
  const meter = new Meter()
  expect(probe(meter, 40, 40, 40, 40, 4000, 40)).toBe('good')
  expect(probe(meter, 2000)).toBe('good')
})

it('[P4] gets better again', () => {
  const meter = new Meter()
  expect(probe(meter, null, null, null)).toBe('poor')
  expect(probe(meter, 30, 30, 30, 30, 30, 30, 30)).toBe('good')
})

it('[P4] knows only its own probes, and each once', () => {
  const meter = new Meter()
  const number = meter.send(0)
  meter.answered(99, 9000)
  meter.answered(number, 30)
  meter.answered(number, 9000)
  meter.send(0)
  meter.forget()
  meter.expire(60_000)
  expect(meter.quality).toBe('good')
})
