// @vitest-environment node
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { countWords, wrongLength } from './words'

describe('words', () => {
  it('[F2] are counted as the server counts them', () => {
    const file = fileURLToPath(new URL('../../../../tests/floor/words.json', import.meta.url))
    const texts = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>
    expect(Object.fromEntries(Object.keys(texts).map((text) => [text, countWords(text)]))).toEqual(texts)
  })

  it('[F2] what is wrong is told in a few words', () => {
    const limits = { min_words: 2, max_words: 3 }
    expect(wrongLength(' … ', limits)).toBe('empty')
    expect(wrongLength('one', limits)).toBe('1 word more')
    expect(wrongLength('one two', limits)).toBeNull()
    expect(wrongLength('one two three four five', limits)).toBe('2 words too many')
    expect(wrongLength(`${'x'.repeat(2_003)} y`, limits)).toBe('5 characters too many')
  })
})
