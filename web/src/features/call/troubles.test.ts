import { describe, expect, it } from 'vitest'
import type { Trouble, WayCheck } from './engine/types'
import { findings, helpFor, helpForBoth } from './troubles'

const TROUBLES: Trouble[] = ['insecure', 'unsupported', 'denied', 'missing', 'busy', 'unplugged']
const check = (more: Partial<WayCheck>): WayCheck => ({
  state: 'done',
  host: true,
  udp: null,
  relay: null,
  relayTrouble: null,
  ...more,
})

describe('causes in plain words [M1]', () => {
  it('says of each medium what is wrong and what to do', () => {
    for (const medium of ['microphone', 'camera', 'screen'] as const) {
      const said = TROUBLES.map((trouble) => helpFor(medium, trouble))
      expect(new Set(said.map(({ title }) => title)).size).toBe(TROUBLES.length)
      for (const { title, text } of said) {
        expect(title.toLowerCase()).toMatch(/microphone|camera|screen/)
        expect(text.length).toBeGreaterThan(20)
      }
    }
  })

  it('says one cause of both only once', () => {
    expect(helpForBoth('denied', 'denied').map(({ title }) => title)).toEqual([
      'Microphone and camera are not allowed',
    ])
    expect(helpForBoth('insecure', 'insecure')[0]?.title).toBe('Microphone and camera need HTTPS')
    expect(helpForBoth('missing', 'missing')).toHaveLength(2)
    expect(helpForBoth(null, 'busy').map(({ title }) => title)).toEqual(['The camera does not start'])
    expect(helpForBoth(null, null)).toEqual([])
  })

  it('names what is wrong with the network', () => {
    const titles = (more: Partial<WayCheck>) => findings(check(more)).map(({ title }) => title)
    expect(titles({})).toEqual(['Ready for people in the same network'])
    expect(titles({ udp: true })).toEqual(['The network is ready'])
    expect(titles({ relay: true })).toEqual(['The network is ready'])
    expect(titles({ udp: false, relay: true })).toEqual(['This network lets no UDP through'])
    expect(findings(check({ udp: false, relay: true }))[0]?.look).toBe('warn')
    expect(findings(check({ udp: false, relay: false, relayTrouble: 'unreachable' }))).toMatchObject([
      { look: 'bad', title: 'This network lets no UDP through' },
      { look: 'warn', title: 'The relay does not answer' },
    ])
    expect(titles({ udp: true, relay: false, relayTrouble: 'refused' })).toEqual([
      'The relay refuses this page',
    ])
    expect(titles({ host: false })).toEqual(['The browser shows no way in or out'])
  })
})
