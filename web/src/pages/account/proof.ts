import { shallowRef } from 'vue'
import { ApiError } from '@/core/api'

/** The person was asked to prove who they are, and went away instead. */
export class NotProven extends Error {}

export const proofAsked = shallowRef<{ settle: (proven: boolean) => void } | null>(null)

/** Does what needs a fresh sign-in: if it is not fresh, asks who it is, and does it then. */
export async function withProof<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'proof_required') throw error
  }
  const proven = await new Promise<boolean>((resolve) => {
    proofAsked.value?.settle(false)
    proofAsked.value = { settle: resolve }
  })
  proofAsked.value = null
  if (!proven) throw new NotProven()
  return act()
}
