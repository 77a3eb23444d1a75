import { cityOf, hereZone, offsetAt, offsetWords } from './times'

/** Browsers list some zones by names that were given up long ago; these are their names now. */
const NOW_CALLED: Record<string, string> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
}

function understood(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** The name by which a zone goes today, as far as this browser knows it. */
export function todaysName(zone: string): string {
  const name = NOW_CALLED[zone]
  return name && understood(name) ? name : zone
}

let listed: { zone: string; words: string }[] | undefined

const plain = (text: string) =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[_/]+/gu, ' ')

/** All zones, with the words by which they are found: their own, and the old ones. */
function all(): { zone: string; words: string }[] {
  listed ??= [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])].map((name) => {
    const zone = todaysName(name)
    return { zone, words: plain(zone === name ? name : `${zone} ${name}`) }
  })
  return listed
}

export interface ZoneChoice {
  zone: string
  city: string
  region: string
  offset: string
}

const choice = (zone: string, at: number): ZoneChoice => ({
  zone,
  city: cityOf(zone),
  region: zone.includes('/') ? zone.split('/').slice(0, -1).join(' · ').replaceAll('_', ' ') : '',
  offset: zone === 'UTC' ? '' : offsetWords(offsetAt(zone, at)),
})

/** More than these at once nobody reads; letters find the others. */
export const SHOWN = 60

/** The zones that are meant by some letters: those whose city begins with them first. Without letters, one's own and the first of all. */
export function findZones(search: string, at: number): ZoneChoice[] {
  const asked = plain(search).split(/\s+/u).filter(Boolean)
  const first = asked[0]
  if (first === undefined) {
    const own = all().filter(({ zone }) => zone === todaysName(hereZone()) || zone === 'UTC')
    const rest = all().filter((each) => !own.includes(each))
    return [...own, ...rest].slice(0, SHOWN).map(({ zone }) => choice(zone, at))
  }
  const rank = ({ zone, words }: { zone: string; words: string }) =>
    plain(cityOf(zone)).startsWith(asked.join(' '))
      ? 0
      : words.split(' ').some((w) => w.startsWith(first))
        ? 1
        : 2
  return all()
    .filter(({ words }) => asked.every((each) => words.includes(each)))
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, SHOWN)
    .map(({ zone }) => choice(zone, at))
}
export const zoneChoice = (zone: string, at: number): ZoneChoice => choice(zone, at)
