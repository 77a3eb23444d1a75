/** How many words a text has, as the server counts them (`floor/rules.py`); both are tested with the same texts. */

// Scripts that are written without spaces: each character counts.
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu
const SPEAKS = /[\p{L}\p{N}\p{S}]/u

export const countWords = (text: string): number =>
  (text.match(WORD) ?? []).filter((word) => SPEAKS.test(word)).length

export const wordsOf = (count: number): string =>
  `${count.toLocaleString()} ${count === 1 ? 'word' : 'words'}`

/** Characters of a text at most, whatever its words. */
export const LONGEST = 2_000

/** What is wrong with the length of a text, in a few words; null when it can be sent. */
export function wrongLength(text: string, limits: { min_words: number; max_words: number }): string | null {
  const words = countWords(text)
  if (words === 0) return 'empty'
  if (words < limits.min_words) return `${wordsOf(limits.min_words - words)} more`
  if (words > limits.max_words) return `${wordsOf(words - limits.max_words)} too many`
  const over = [...text.trim()].length - LONGEST
  return over > 0 ? `${over.toLocaleString()} characters too many` : null
}
