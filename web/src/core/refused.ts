import type { RefusedAck } from './wire'

/** A request that the server turned down, with its code and a sentence for people. */
export class Refused extends Error {
  readonly code: string
  readonly field: string | undefined
  /** Seconds until it is worth trying again. */
  readonly retryAfter: number | undefined

  constructor(code: string, message: string, more: { field?: string; retryAfter?: number } = {}) {
    super(message)
    this.name = 'Refused'
    this.code = code
    this.field = more.field
    this.retryAfter = more.retryAfter
  }

  static from(ack: RefusedAck): Refused {
    return new Refused(ack.code, ack.message, {
      ...(ack.field === undefined ? {} : { field: ack.field }),
      ...(ack.retry_after === undefined ? {} : { retryAfter: ack.retry_after }),
    })
  }
}

/** Whether something unknown that came over the wire is a refusal. */
export function isRefusal(data: unknown): data is RefusedAck {
  return (
    typeof data === 'object' &&
    data !== null &&
    typeof (data as RefusedAck).code === 'string' &&
    typeof (data as RefusedAck).message === 'string'
  )
}
