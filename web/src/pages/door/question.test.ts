import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { pauseWhileOffline } from './pause'
import { askPatiently } from './question'

/** A server whose answers come when the test wants, and requests that end as those of a browser. */
function server() {
  const asked: { answer: (text: string) => void; fail: (error: Error) => void; signal: AbortSignal }[] = []
  const question = (signal: AbortSignal) =>
    new Promise<string>((answer, fail) => {
      const gone = () => fail(new DOMException('gone', 'AbortError'))
      if (signal.aborted) gone()
      signal.addEventListener('abort', gone)
      asked.push({ answer, fail, signal })
    })
  return { asked, question }
}
const settle = () => new Promise((resolve) => setTimeout(resolve))

describe('[R4] a question that takes its time', () => {
  it('is answered', async () => {
    const { asked, question } = server()
    const answer = askPatiently(question, new AbortController().signal)
    asked[0]!.answer('come in')
    expect(await answer).toBe('come in')
  })

  it('is asked anew at once when the network returns, or the page is seen again', async () => {
    const { asked, question } = server()
    const answer = askPatiently(question, new AbortController().signal)
    window.dispatchEvent(new Event('online'))
    await settle()
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false])
    document.dispatchEvent(new Event('visibilitychange'))
    await settle()
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, true, false])
    asked[2]!.answer('come in')
    expect(await answer).toBe('come in')
    window.dispatchEvent(new Event('online'))
    await settle()
    expect(asked).toHaveLength(3)
  })

  it('ends with the page, and as the server says', async () => {
    const leaving = new AbortController()
    const { asked, question } = server()
    const left = askPatiently(question, leaving.signal)
    leaving.abort()
    await expect(left).rejects.toMatchObject({ name: 'AbortError' })
    const failed = askPatiently(question, new AbortController().signal)
    asked[1]!.fail(new TypeError('no'))
    await expect(failed).rejects.toThrow('no')
    await expect(askPatiently(question, leaving.signal)).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('[R4] a connection that says nothing', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('counts as lost after half a minute', async () => {
    const { asked, question } = server()
    const lost = expect(askPatiently(question, new AbortController().signal)).rejects.toMatchObject({
      code: 'unreachable',
    })
    await vi.advanceTimersByTimeAsync(29_000)
    expect(asked[0]!.signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1_000)
    await lost
  })

  it('is tried again after a while, or when there is a network', async () => {
    const done: string[] = []
    void pauseWhileOffline(3).then(() => done.push('by time'))
    await vi.advanceTimersByTimeAsync(2_900)
    expect(done).toEqual([])
    await vi.advanceTimersByTimeAsync(100)
    void pauseWhileOffline(3).then(() => done.push('by network'))
    window.dispatchEvent(new Event('online'))
    await vi.advanceTimersByTimeAsync(0)
    expect(done).toEqual(['by time', 'by network'])
  })
})
