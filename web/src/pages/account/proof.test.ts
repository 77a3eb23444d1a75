import { expect, it, vi } from 'vitest'
import { ApiError } from '@/core/api'
import { NotProven, proofAsked, withProof } from './proof'

const needed = () => new ApiError('proof_required', 'Prove it.')

it('asks only when it is needed, and then does it', async () => {
  expect(await withProof(() => Promise.resolve('done'))).toBe('done')
  expect(proofAsked.value).toBeNull()
  const act = vi.fn<() => Promise<string>>().mockRejectedValueOnce(needed()).mockResolvedValue('done')
  const result = withProof(act)
  await vi.waitUntil(() => proofAsked.value)
  proofAsked.value?.settle(true)
  expect(await result).toBe('done')
  expect(act).toHaveBeenCalledTimes(2)
  expect(proofAsked.value).toBeNull()
})

it('does nothing for whoever goes away, and asks no questions about other errors', async () => {
  const act = vi.fn<() => Promise<string>>().mockRejectedValue(needed())
  const result = withProof(act)
  await vi.waitUntil(() => proofAsked.value)
  proofAsked.value?.settle(false)
  await expect(result).rejects.toBeInstanceOf(NotProven)
  expect(act).toHaveBeenCalledTimes(1)
  await expect(withProof(() => Promise.reject(new ApiError('unavailable', 'Later.')))).rejects.toThrow(
    'Later.',
  )
})
