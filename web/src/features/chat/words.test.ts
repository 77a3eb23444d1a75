import { describe, expect, it } from 'vitest'
import type { PeoplePerson } from '@/contract'
import { groups, search } from './emoji'
import { marked } from './found'
import { leftOver, lengthOf } from './limits'
import { mentionable, mentionAt, withMention } from './mentions'
import { dayName } from './times'

const person = (name: string): PeoplePerson => ({
  id: name,
  name,
  about: '',
  role: 'participant',
  devices: [],
  picture: null,
  muted: false,
  since: 0,
})

describe('mentions', () => {
  it('[C2] a name is begun by an @ that stands by itself', () => {
    expect(mentionAt('hi @an', 6)).toEqual({ from: 3, query: 'an' })
    expect(mentionAt('@', 1)).toEqual({ from: 0, query: '' })
    expect(mentionAt('(@Ana Mar', 9)).toEqual({ from: 1, query: 'Ana Mar' })
    for (const [text, caret] of [
      ['mail@example', 12],
      ['@ ', 2],
      ['@a\nb', 4],
      ['@one two three four five', 24],
      ['hi @an', 2],
    ] as const)
      expect(mentionAt(text, caret)).toBeNull()
  })

  it('[C2] names are found by their beginning, then by a word, then anywhere, whatever their accents', () => {
    const people = ['Zoé Ángel', 'Angela', 'Stranger', 'Bob'].map(person)
    const found = (query: string) => mentionable(people, 'Bob', query).map(({ name }) => name)
    expect(found('ang')).toEqual(['Angela', 'Zoé Ángel', 'Stranger'])
    expect(found('zoe')).toEqual(['Zoé Ángel'])
    expect(found('bob')).toEqual([])
    expect(found('').length).toBe(3)
  })

  it('[C2] the name takes the place of what was begun', () => {
    expect(withMention('hi @an, you', 3, 6, 'Ana Maria')).toEqual({ text: 'hi @Ana Maria , you', caret: 14 })
    expect(withMention('@b there', 0, 2, 'Bob')).toEqual({ text: '@Bob there', caret: 5 })
  })
})

describe('length', () => {
  it('[C2] is counted in code points of the trimmed text, and told near the limit only', () => {
    expect(lengthOf('  hi \n')).toBe(2)
    expect(lengthOf('🎉'.repeat(3_800))).toBe(3_800)
    expect(leftOver('x'.repeat(3_000))).toBeNull()
    expect(leftOver('x'.repeat(3_990))).toBe(10)
    expect(leftOver('🎉'.repeat(4_001))).toBe(-1)
  })
})

describe('search results', () => {
  it('[C5] the words are marked wherever they stand, in any case', () => {
    expect(marked('An apple, APPLE', 'apple')).toEqual([
      { text: 'An ', hit: false },
      { text: 'apple', hit: true },
      { text: ', ', hit: false },
      { text: 'APPLE', hit: true },
    ])
    expect(marked('nothing here', 'x y')).toEqual([{ text: 'nothing here', hit: false }])
  })

  it('[C5] a hit far into a long text is brought into sight', () => {
    const parts = marked(`${'word '.repeat(200)}needle ${'tail '.repeat(200)}`, 'needle')
    expect(parts[0]!.text.startsWith('…')).toBe(true)
    expect(parts[1]).toEqual({ text: 'needle', hit: true })
  })
})

describe('emoji', () => {
  it('[C2] there are all of them, and words find them', () => {
    expect(groups.map(({ title }) => title)).toHaveLength(9)
    const all = groups.flatMap(({ emoji }) => emoji)
    expect(all.length).toBeGreaterThan(1_800)
    expect(new Set(all.map(({ sign }) => sign)).size).toBe(all.length)
    expect(search('thumbs up')[0]!.sign).toBe('👍')
    expect(search('party').map(({ sign }) => sign)).toContain('🎉')
    expect(search('  ')).toEqual([])
    expect(search('qqqq')).toEqual([])
  })
})

describe('days', () => {
  it('are told as one would say them', () => {
    const now = new Date(2026, 5, 17, 15).getTime()
    const day = (ago: number) => dayName(now - ago * 86_400_000, now)
    expect(day(0)).toBe('Today')
    expect(day(1)).toBe('Yesterday')
    expect(day(3)).toBe('Sunday')
    expect(day(10)).toMatch(/June/)
    expect(day(400)).toMatch(/2025/)
  })
})
