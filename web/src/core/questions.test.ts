import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Questions } from './questions'
import type { Ack } from './wire'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function wired() {
  const acks: ((answer: Ack) => void)[] = []
  return { acks, questions: new Questions((_name, _payload, ack) => acks.push(ack)) }
}

describe('Questions', () => {
  it('waits for the connection and gives the answer', async () => {
    const { acks, questions } = wired()
    const answer = questions.ask('chat.history', {})
    await vi.advanceTimersByTimeAsync(100)
    expect(acks).toHaveLength(0)
    questions.open()
    await vi.advanceTimersByTimeAsync(0)
    acks[0]!({ ok: true, messages: [] })
    expect(await answer).toEqual({ messages: [] })
  })

  it('asks again when the connection was cut in between', async () => {
    const { acks, questions } = wired()
    questions.open()
    const answer = questions.ask('chat.history', {})
    questions.cut()
    await vi.advanceTimersByTimeAsync(500)
    questions.open()
    await vi.advanceTimersByTimeAsync(0)
    expect(acks).toHaveLength(2)
    acks[1]!({ ok: true, messages: [1] })
    expect(await answer).toEqual({ messages: [1] })
  })

  it('rejects a refusal, and does not wait for ever', async () => {
    const { acks, questions } = wired()
    const never = questions.ask('chat.search', {}).catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(21_000)
    expect(await never).toMatchObject({ code: 'unavailable' })

    questions.open()
    const refused = questions.ask('chat.search', {}).catch((error: unknown) => error)
    acks[0]!({ ok: false, code: 'invalid', message: 'No.' })
    expect(await refused).toMatchObject({ code: 'invalid' })

    const silent = questions.ask('chat.search', {}).catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(35_000)
    expect(await silent).toMatchObject({ code: 'unavailable' })

    const late = questions.ask('chat.search', {}).catch((error: unknown) => error)
    questions.end()
    expect(await late).toMatchObject({ code: 'unavailable' })
  })
})
