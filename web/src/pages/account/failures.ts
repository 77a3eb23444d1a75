import { ApiError } from '@/core/api'

/** How long to wait, in words: seconds, and whole minutes from there on. */
export function waitWords(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds))
  if (whole < 90) return whole === 1 ? 'a second' : `${whole} seconds`
  const minutes = Math.ceil(whole / 60)
  return minutes < 60 ? `${minutes} minutes` : 'about an hour'
}

/** The sentence for what went wrong, and how long to wait where that is all there is to do. */
export function sentenceFor(error: ApiError): string {
  if (error.code === 'rate_limited' && error.retryAfter)
    return `Too many attempts. Try again in ${waitWords(error.retryAfter)}.`
  return error.message
}

/** What stands at a field, and what stands above all of them. */
export interface Failure {
  field?: string
  text: string
}

/** An error of the server as it is shown in a form that has these fields. Anything else is thrown on. */
export function failureFor(error: unknown, fields: string[]): Failure {
  if (!(error instanceof ApiError)) throw error
  const text = sentenceFor(error)
  return error.field && fields.includes(error.field) ? { field: error.field, text } : { text }
}

const AT_THE_PROVIDER = new Map(
  Object.entries({
    link_expired: 'That took too long, or was begun in another browser. Try it once more.',
    email_taken:
      'There is an account with that address already, and the address was never confirmed. Sign in with its password; then you can link the provider.',
    already_signed_in:
      'That sign-in belongs to another account here. Sign out of this one first, then sign in with the provider.',
    account_disabled: 'An administrator has disabled this account. Only they can change that.',
    proof_required: 'Give your password once more before you link another sign-in.',
    provider_unknown: 'This server does not know that provider any more. Choose another way.',
    rate_limited: 'Too many attempts. Try again in a few minutes.',
    unavailable: 'The server could not store it; nothing was changed. Try again.',
  }),
)

/** Why signing in at a provider came to nothing. The code comes from the address bar: unknown ones have a sentence too. */
export const providerFailure = (code: string): string =>
  AT_THE_PROVIDER.get(code) ??
  'The provider did not confirm who you are. Try once more, or choose another way to sign in.'
