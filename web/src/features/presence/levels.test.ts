import { expect, it } from 'vitest'
import { followed, without } from './levels'

const AWAY = { away: true, quality: 'good' } as const
const POOR = { away: false, quality: 'poor' } as const
const ORDINARY = { away: false, quality: 'good' } as const

it('[P4] keeps only what is not ordinary', () => {
  const first = followed({}, { whole: false, people: { ana: AWAY, ben: ORDINARY } })
  expect(first).toEqual({ ana: AWAY })
  expect(followed(first, { whole: false, people: { ana: ORDINARY, gil: POOR } })).toEqual({ gil: POOR })
  expect(followed(first, { whole: false, people: { ben: ORDINARY } })).toBe(first)
})

it('[P4] begins anew when it is told everything, and forgets who has left', () => {
  const all = followed({ ana: AWAY }, { whole: true, people: { gil: POOR } })
  expect(all).toEqual({ gil: POOR })
  expect(without(all, ['ana'])).toBe(all)
  expect(without(all, ['gil'])).toEqual({})
})
