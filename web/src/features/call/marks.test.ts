import { describe, expect, it } from 'vitest'
import type { Own, OwnMedium, Peer } from './engine/types'
import { MARK_WORDS, marksOfOwn, marksOfPeer } from './marks'

const peer = (more: Partial<Peer>): Peer => ({
  seat: 's',
  person: 'p',
  link: 'connected',
  cameraStream: null,
  screenStream: null,
  microphone: 'here',
  camera: 'here',
  screen: 'off',
  screenSound: false,
  speaking: false,
  quality: 'good',
  held: [],
  handAt: null,
  volume: 1,
  ...more,
})
const medium = (more: Partial<OwnMedium>): OwnMedium => ({
  wanted: true,
  on: true,
  held: false,
  asking: false,
  trouble: null,
  paused: false,
  device: '',
  stream: null,
  ...more,
})
const own = (more: Partial<Own>): Own => ({
  microphone: medium({}),
  camera: medium({}),
  screen: medium({ on: false }),
  screenSound: false,
  screenSilenced: false,
  hand: false,
  speaking: false,
  unheard: false,
  ...more,
})

describe('what is said of somebody in the call [M4]', () => {
  it('says nothing of what is as usual', () => {
    expect(marksOfPeer(peer({}))).toEqual([])
    expect(marksOfPeer(peer({ camera: 'off' }))).toEqual([])
    expect(marksOfOwn(own({}), false)).toEqual([])
  })

  it('tells what is off from what is held and from what should come and does not', () => {
    expect(marksOfPeer(peer({ microphone: 'off' }))).toEqual(['microphone_off'])
    expect(marksOfPeer(peer({ microphone: 'held', camera: 'held' }))).toEqual([
      'microphone_held',
      'camera_held',
    ])
    expect(marksOfPeer(peer({ microphone: 'missing', camera: 'missing' }))).toEqual([
      'microphone_missing',
      'camera_missing',
    ])
    expect(marksOfPeer(peer({ camera: 'paused', quality: 'poor', handAt: 5 }))).toEqual([
      'hand',
      'poor',
      'camera_paused',
    ])
  })

  it('does not blame a microphone for a connection that is away', () => {
    const away = peer({ link: 'reconnecting', microphone: 'missing', camera: 'missing', quality: 'lost' })
    expect(marksOfPeer(away)).toEqual(['reconnecting'])
    expect(marksOfPeer(peer({ link: 'connecting', microphone: 'off' }))).toEqual([
      'connecting',
      'microphone_off',
    ])
  })

  it('says the same of oneself', () => {
    const off = medium({ on: false })
    expect(marksOfOwn(own({ microphone: off, hand: true }), false)).toEqual(['hand', 'microphone_off'])
    expect(marksOfOwn(own({ microphone: medium({ on: false, held: true }) }), true)).toEqual([
      'reconnecting',
      'microphone_held',
    ])
    for (const words of Object.values(MARK_WORDS)) expect(words).toMatch(/^[a-z]/)
  })
})
