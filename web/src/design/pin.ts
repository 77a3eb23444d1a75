/** The length of a PIN grows with the number of open rooms, so a field cannot know it beforehand. */
export const PIN_SHORTEST = 5
export const PIN_LONGEST = 10

/** The digits of what was typed or pasted, whatever stands between them, in whatever script they were written. */
export function pinDigits(text: string): string {
  let digits = ''
  for (const sign of text.normalize('NFKC')) {
    const digit = digitOf(sign)
    if (digit !== null) digits += digit
  }
  return digits.slice(0, PIN_LONGEST)
}

function digitOf(sign: string): string | null {
  if (sign >= '0' && sign <= '9') return sign
  if (!/^\p{Nd}$/u.test(sign)) return null
  // Unicode keeps each script's ten digits in a row that begins at a multiple of ten or sixteen: count back to zero.
  const code = sign.codePointAt(0) ?? 0
  let zero = code
  while (code - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1
  return String(code - zero)
}

export function pinComplete(pin: string): boolean {
  return pin.length >= PIN_SHORTEST && pin.length <= PIN_LONGEST
}

/** In groups of two or three, as people say numbers: 12 345, 123 456, 123 45 67 … */
export function pinSpoken(pin: string): string {
  const groups: string[] = []
  let rest = pin
  while (rest.length > 4) {
    groups.push(rest.slice(0, 3))
    rest = rest.slice(3)
  }
  if (rest.length === 4) groups.push(rest.slice(0, 2), rest.slice(2))
  else if (rest) groups.push(rest)
  return groups.join(' ')
}
