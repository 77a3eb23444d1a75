import { call, type Preset, type Theme } from './api'
import { ServerClock } from './clock'

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'
export type Answer = 'accepted' | 'declined' | 'tentative'
export type Admission = 'open' | 'knock' | 'invited' | 'groups' | 'locked'

export interface Repeat {
  every: 'day' | 'week'
  interval: number
  weekdays: Weekday[]
  /** `YYYY-MM-DD`, the last day on which it may begin. */
  until: string | null
  count: number | null
}

/** Instants in milliseconds UTC. */
export interface Occurrence {
  start: number
  end: number
}

export interface Plan {
  id: string
  title: string
  description: string
  /** `YYYY-MM-DDTHH:MM` of the first time, on a clock in `zone`. */
  start: string
  zone: string
  minutes: number
  repeat: Repeat | null
  preset: Preset
  activities: string[]
  admission: Admission
  groups: string[]
  theme: Theme
  mine: boolean
  planner: string
  state: 'upcoming' | 'soon' | 'live' | 'over' | 'cancelled'
  next: Occurrence | null
  last: Occurrence | null
  coming: Occurrence[]
  ends_at: number
  joinable_from: number | null
  joinable_until: number | null
  link: string
  url: string
  pin: string | null
  answer: Answer | 'pending' | null
  answers: Record<Answer | 'pending', number> | null
  invitees: { email: string; answer: Answer | 'pending'; answered_at: number | null }[] | null
  created_at: number
  changed_at: number
}

export interface Timing {
  start: string
  zone: string
  minutes: number
  repeat: Repeat | null
}

export interface NewPlan extends Timing {
  title: string
  description: string
  invitees: string[]
  preset: Preset
  /** Left out: what the preset has. */
  activities?: string[]
  /** Left out: what the preset has. */
  admission?: Admission
  groups: string[]
  theme: Theme
}
export type PlanChanges = Partial<Omit<NewPlan, 'preset'>>

/** A plan as somebody sees it who holds the link in a mail, without an account. */
export interface Invitation {
  title: string
  planner: string
  email: string
  start: string
  zone: string
  minutes: number
  next: Occurrence | null
  state: Plan['state']
  answer: Answer | 'pending'
  silenced: boolean
}

export type ListName = 'upcoming' | 'past' | 'all'

/** The server's clock, as the answers about plans tell it: countdowns run by it. */
export const planClock = new ServerClock()

const path = (id: string) => `/api/plans/${encodeURIComponent(id)}`

async function one(asked: Promise<{ now: number; plan: Plan }>): Promise<Plan> {
  const { now, plan } = await asked
  planClock.observe(now)
  return plan
}

/** Somebody else's plans may hang on it: banners ask anew. */
const changed = new Set<() => void>()
export function onPlansChanged(follow: () => void): () => void {
  changed.add(follow)
  return () => changed.delete(follow)
}
async function changing(asked: Promise<{ now: number; plan: Plan }>): Promise<Plan> {
  const plan = await one(asked)
  for (const follow of changed) follow()
  return plan
}

export async function listPlans(
  list: ListName,
  offset: number,
  limit: number,
  signal?: AbortSignal,
): Promise<{ total: number; plans: Plan[] }> {
  const query = new URLSearchParams({ list, offset: String(offset), limit: String(limit) })
  const { now, total, plans } = await call<{ now: number; total: number; plans: Plan[] }>(
    'GET',
    `/api/plans?${query}`,
    undefined,
    signal,
  )
  planClock.observe(now)
  return { total, plans }
}

export const getPlan = (id: string, signal?: AbortSignal) => one(call('GET', path(id), undefined, signal))
export const createPlan = (wish: NewPlan) => changing(call('POST', '/api/plans', wish))
export const changePlan = (id: string, wish: PlanChanges) => changing(call('PATCH', path(id), wish))
export const cancelPlan = (id: string) => changing(call('POST', `${path(id)}/cancel`, {}))
export const answerPlan = (id: string, answer: Answer) =>
  changing(call('PUT', `${path(id)}/answer`, { answer }))
export const calendarFile = (id: string) => `${path(id)}/calendar.ics`

/** When it would happen: the server's own arithmetic, at most five times. Nothing is kept. */
export async function previewPlan(timing: Timing, signal?: AbortSignal): Promise<Occurrence[]> {
  const { now, coming } = await call<{ now: number; coming: Occurrence[] }>(
    'POST',
    '/api/plans/preview',
    timing,
    signal,
  )
  planClock.observe(now)
  return coming
}

export const readInvitation = (token: string) => call<Invitation>('POST', '/api/plans/invitation', { token })
export const answerInvitation = (token: string, answer: Answer, silence?: boolean) =>
  call<Invitation>('POST', '/api/plans/invitation/answer', {
    token,
    answer,
    ...(silence === undefined ? {} : { silence }),
  })
