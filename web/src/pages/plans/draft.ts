import type { Preset, Theme } from '@/core/api'
import type { NewPlan, Plan, PlanChanges, Repeat, Timing } from '@/core/plans'
import type { AdmissionChoice } from '@/design/admission'
import { groupsFrom } from '../admin/groups'
import type { Invited } from './addresses'
import { hereZone, nextHour } from './times'
import { todaysName } from './zones'

export type RepeatEnd = 'never' | 'until' | 'count'

/** What stands in the form. Numbers are as they were typed. */
export interface Draft {
  title: string
  description: string
  /** `YYYY-MM-DD` and `HH:MM`, as browsers' own fields give them; empty while they are incomplete. */
  date: string
  time: string
  zone: string
  minutes: number
  every: 'once' | Repeat['every']
  interval: string
  weekdays: Repeat['weekdays']
  end: RepeatEnd
  until: string
  count: string
  invitees: Invited[]
  preset: Preset
  /** Null: what the preset has. */
  activities: string[] | null
  admission: AdmissionChoice
  groups: string
  theme: Theme
}

export function freshDraft(now: number): Draft {
  const zone = todaysName(hereZone())
  return {
    title: '',
    description: '',
    ...nextHour(now, zone),
    zone,
    minutes: 60,
    every: 'once',
    interval: '1',
    weekdays: [],
    end: 'never',
    until: '',
    count: '10',
    invitees: [],
    preset: 'meeting',
    activities: null,
    admission: 'usual',
    groups: '',
    theme: 'linen',
  }
}

export function draftOf(plan: Plan): Draft {
  const [date = '', time = ''] = plan.start.split('T')
  const { repeat } = plan
  return {
    title: plan.title,
    description: plan.description,
    date,
    time,
    zone: plan.zone,
    minutes: plan.minutes,
    every: repeat?.every ?? 'once',
    interval: String(repeat?.interval ?? 1),
    weekdays: repeat?.weekdays ?? [],
    end: repeat?.until ? 'until' : repeat?.count ? 'count' : 'never',
    until: repeat?.until ?? '',
    count: String(repeat?.count ?? 10),
    invitees: (plan.invitees ?? []).map(({ email }) => ({ text: email, good: true })),
    preset: plan.preset,
    activities: plan.activities,
    admission: plan.admission,
    groups: plan.groups.join(', '),
    theme: plan.theme,
  }
}

/** What was typed as a number; something that no rule allows when it is none, so that the server says what is wrong. */
const whole = (text: string) => (/^\s*\d{1,6}\s*$/.test(text) ? Number(text) : 0)

export function repeatOf(draft: Draft): Repeat | null {
  if (draft.every === 'once') return null
  return {
    every: draft.every,
    interval: whole(draft.interval),
    weekdays: draft.every === 'week' ? draft.weekdays : [],
    until: draft.end === 'until' && draft.until ? draft.until : null,
    count: draft.end === 'count' ? whole(draft.count) : null,
  }
}

/** When, as far as it was said; null while a day or a time is missing. */
export function timingOf(draft: Draft): Timing | null {
  if (!draft.date || !draft.time || (draft.end === 'until' && draft.every !== 'once' && !draft.until))
    return null
  return {
    start: `${draft.date}T${draft.time.slice(0, 5)}`,
    zone: draft.zone,
    minutes: draft.minutes,
    repeat: repeatOf(draft),
  }
}

export function wishOf(draft: Draft, timing: Timing): NewPlan {
  return {
    ...timing,
    title: draft.title.trim(),
    description: draft.description.trim(),
    invitees: draft.invitees.map(({ text }) => text),
    preset: draft.preset,
    ...(draft.activities ? { activities: draft.activities } : {}),
    ...(draft.admission === 'usual' ? {} : { admission: draft.admission }),
    groups: draft.admission === 'groups' ? groupsFrom(draft.groups) : [],
    theme: draft.theme,
  }
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** Only what is another now: whoever corrects a title moves nothing, and tells nobody that it was moved. */
export function changesOf(before: Draft, wish: NewPlan): PlanChanges {
  const old = timingOf(before)
  if (!old) return wish
  const known = wishOf(before, old)
  const changed = Object.entries(wish).filter(
    ([key, value]) => key !== 'preset' && !same(value, known[key as keyof NewPlan]),
  )
  return Object.fromEntries(changed)
}

/** Whether something kept on the device can be what the form works with. */
export function isDraft(value: unknown): value is Draft {
  if (typeof value !== 'object' || value === null) return false
  const fresh = freshDraft(0)
  return Object.entries(fresh).every(([key, model]) => {
    const held = (value as Record<string, unknown>)[key]
    if (key === 'activities') return held === null || Array.isArray(held)
    return Array.isArray(model) ? Array.isArray(held) : typeof held === typeof model
  })
}
