import { describe, expect, it } from 'vitest'
import { placeIn } from './place'

describe('where a file is wrong', () => {
  const text = '{"polls": [\n  {"title": "👋 Tea?", "steps": 99}\n]}'

  it('[V1] the line, and the cursor where the server points to', () => {
    const place = placeIn(text, 'Line 2, column 32, polls.0.steps: Too many.')!
    expect(place.line).toBe(2)
    expect(text.slice(place.start, place.end)).toBe('99}')
    expect([...place.excerpt].slice(place.before).join('')).toBe('99}')
  })

  it('[V1] of a long line what is around it', () => {
    const long = `${'x'.repeat(200)}!${'y'.repeat(200)}`
    const place = placeIn(long, 'Line 1, column 201: No.')!
    expect(place.excerpt.length).toBeLessThan(70)
    expect(place.excerpt[place.before]).toBe('!')
  })

  it('[V1] a sentence without a place points nowhere, nor does one behind the end', () => {
    expect(placeIn(text, 'That is too long.')).toBeNull()
    expect(placeIn(text, 'Line 9, column 1: No.')).toBeNull()
  })
})
