import { describe, expect, it } from 'vitest'
import { poll, tally } from '../fixtures'
import { differences } from './conflict'
import { pictureAbout, pictureRows } from './picture-rows'
import { draftOf, newOption, ofKind, optionAt, questionOf, timesWith, type Draft } from './question'

const draft = (more: Partial<Draft> = {}): Draft => ({
  ...draftOf({ kind: 'single', title: 'Tea?' }),
  options: ['Tea', '', 'Coffee'].map((text) => newOption(text)),
  ...more,
})

describe('a question while it is written', () => {
  it('[V1] a draft has two lines for options, and a minute', () => {
    const fresh = draftOf({ kind: 'single' })
    expect(fresh.options.map(({ text }) => text)).toEqual(['', ''])
    expect(fresh.seconds).toBe(60)
  })

  it('[V1] another kind keeps what can be kept, and going back brings the options again', () => {
    const rating = ofKind(draft({ anonymous: true, seconds: 30 }), 'rating')
    expect(questionOf(rating)).toMatchObject({ title: 'Tea?', anonymous: true, seconds: 30, options: [] })
    const back = questionOf(ofKind(rating, 'multiple'))
    expect(back.options?.map(({ text }) => text)).toEqual(['Tea', 'Coffee'])
  })

  it('[V1] right answers are of a quiz alone, and come back with it', () => {
    const quiz = draft({ kind: 'quiz', options: [newOption('Tea', true), newOption('Coffee')] })
    expect(questionOf(quiz).options?.[0]).toEqual({ text: 'Tea', right: true })
    const single = ofKind(quiz, 'single')
    expect(questionOf(single).options?.[0]).toEqual({ text: 'Tea', right: false })
    expect(questionOf(ofKind(single, 'quiz')).options?.[0]?.right).toBe(true)
  })

  it('[V1] what cannot be together is not sent', () => {
    expect(questionOf(draft({ anonymous: true, changeable: true })).changeable).toBe(false)
    const speed = draft({ kind: 'quiz', speed: true, seconds: null })
    expect(questionOf(speed).speed).toBe(false)
  })

  it('[V1] the server counts the options that are written', () => {
    const now = draft()
    expect(optionAt(now, 'options.1.text')).toBe(now.options[2]?.key)
    expect(optionAt(now, 'title')).toBeNull()
  })

  it('[V3] a time that was set elsewhere stays to be chosen', () => {
    expect(timesWith(90)[0]).toEqual({ value: 90, label: '90 seconds' })
    expect(timesWith(60)[0]?.value).toBe(15)
  })
})

describe('two hosts at one question', () => {
  it('[V1] only what is different is named', () => {
    const mine = questionOf(draft())
    const theirs = { ...mine, title: 'Coffee?', options: [{ text: 'Yes' }, { text: 'No' }], seconds: 30 }
    expect(differences(mine, theirs)).toEqual([
      { part: 'Question', text: 'Coffee?' },
      { part: 'Options', text: 'Yes, No' },
      { part: 'Settings', text: 'others than yours' },
    ])
    expect(differences(mine, { ...mine })).toEqual([])
  })
})

describe('totals as lines', () => {
  it('[V6] the picture has the bars of the page: their shares, counts and right answers', () => {
    const counts = ['q1o0', 'q1o1', 'q1o2'].map((key, at) => ({ key, text: '', count: at }))
    const quiz = poll(1, { question: { ...poll(1).question, kind: 'quiz' } })
    const rows = pictureRows(quiz, tally(4, { counts }), ['q1o2'])
    expect(rows.map(({ text, value, share, right }) => [text, value, share, right])).toEqual([
      ['Red', '0 · 0 %', 0, false],
      ['Green', '1 · 25 %', 0.25, false],
      ['Blue', '2 · 50 %', 0.5, true],
    ])
  })

  it('[V6] words as long as many people wrote them, and texts without bars', () => {
    const counts = [
      { key: 'tea', text: 'Tea', count: 4 },
      { key: 'milk', text: 'milk', count: 1 },
    ]
    const of = (kind: 'words' | 'text') => poll(1, { question: { ...poll(1).question, kind } })
    expect(pictureRows(of('words'), tally(4, { counts }), []).map(({ share }) => share)).toEqual([1, 0.25])
    expect(pictureRows(of('text'), tally(4, { counts }), []).map(({ share }) => share)).toEqual([null, null])
  })

  it('[V6] mean and median stand under its title, with the unit', () => {
    const numeric = poll(1, { question: { ...poll(1).question, kind: 'numeric', unit: 'km' } })
    const about = pictureAbout(numeric, tally(1, { mean: 2.5, median: 2 }))
    expect(about).toBe('1 vote · Mean 2.5 km · Median 2 km')
  })
})
