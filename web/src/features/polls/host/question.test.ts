import { describe, expect, it } from 'vitest'
import { poll, tally } from '../fixtures'
import { choiceText } from './ballots'
import { figuresOf } from './figures'
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

describe('totals as lines', () => {
  it('[V2] options with their share of all who voted', () => {
    const counts = ['q1o0', 'q1o1', 'q1o2'].map((key, at) => ({ key, text: '', count: at }))
    const lines = figuresOf(poll(1), tally(3, { counts }), ['q1o2'])
    expect(lines.map(({ text, count, right }) => [text, count, right])).toEqual([
      ['Red', 0, false],
      ['Green', 1, false],
      ['Blue', 2, true],
    ])
    expect(lines[1]?.share).toBeCloseTo(1 / 3)
  })

  it('[V6] a ranking vote is written in its order', () => {
    const question = { ...poll(1).question, kind: 'ranking' as const }
    expect(choiceText(poll(1, { question }), { options: ['q1o2', 'q1o0'] })).toBe('1. Blue  2. Red')
  })
})
