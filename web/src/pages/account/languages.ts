/** Ways of writing dates, times and numbers that can be chosen. Whatever else an account has is kept beside them. */
const TAGS = [
  'en-GB',
  'en-US',
  'ar',
  'bg',
  'cs',
  'da',
  'de',
  'de-AT',
  'de-CH',
  'el',
  'es',
  'es-MX',
  'et',
  'fa',
  'fi',
  'fr',
  'fr-CH',
  'he',
  'hi',
  'hr',
  'hu',
  'id',
  'it',
  'ja',
  'ko',
  'lt',
  'lv',
  'nb',
  'nl',
  'pl',
  'pt-BR',
  'pt-PT',
  'ro',
  'ru',
  'sk',
  'sl',
  'sr',
  'sv',
  'th',
  'tr',
  'uk',
  'vi',
  'zh-CN',
  'zh-TW',
]

/** Each by its own name, as its people call it. */
export function languageChoices(chosen: string): { value: string; label: string }[] {
  const tags = chosen === '' || TAGS.includes(chosen) ? TAGS : [...TAGS, chosen]
  const named = tags.map((tag) => ({ value: tag, label: nameOf(tag) }))
  named.sort((a, b) => a.label.localeCompare(b.label))
  return [{ value: '', label: 'As the browser does' }, ...named]
}

function nameOf(tag: string): string {
  try {
    const name = new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag
    return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1)
  } catch {
    return tag
  }
}
