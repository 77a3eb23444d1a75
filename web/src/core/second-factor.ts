import { loadWho, renewed } from './account'
import { call } from './api'

export interface FactorSetup {
  /** `otpauth://…`, for an app on this device. */
  uri: string
  /** The same secret, to be typed. */
  key: string
  /** The same as a QR code, as the address of a picture. */
  picture: string
}

/** What one proves it with: one of them. */
export type Proof = { password: string } | { code: string }

/** A code of the app, or a recovery code: with it the session begins. */
export async function giveCode(code: string): Promise<void> {
  await call('POST', '/api/account/second-step', { code })
  await renewed()
}

/** The password that was given is forgotten: somebody else signs in, or in another way. */
export async function goBack(): Promise<void> {
  await call('DELETE', '/api/account/second-step', {})
  await loadWho(true)
}

export const beginSetup = () => call<FactorSetup>('POST', '/api/account/second-factor/start', {})

/** Returns the recovery codes. They are never shown again. */
export async function switchOn(code: string): Promise<string[]> {
  const { recovery_codes } = await call<{ recovery_codes: string[] }>('POST', '/api/account/second-factor', {
    code,
  })
  await renewed()
  return recovery_codes
}

export async function switchOff(proof: Proof): Promise<void> {
  await call('DELETE', '/api/account/second-factor', proof)
  await renewed()
}

export async function newRecoveryCodes(proof: Proof): Promise<string[]> {
  const path = '/api/account/second-factor/recovery-codes'
  const { recovery_codes } = await call<{ recovery_codes: string[] }>('POST', path, proof)
  await loadWho(true)
  return recovery_codes
}

/** A key as people type it: in groups of four. */
export const grouped = (key: string) => key.replace(/(.{4})(?=.)/g, '$1 ')

/** The recovery codes as a file to keep. */
export const codesAsText = (codes: string[], email: string | null) =>
  [
    `Recovery codes for Salon at ${location.host}`,
    ...(email ? [`Account: ${email}`] : []),
    '',
    'Each can be used once, instead of a code of the authenticator app.',
    'New ones, made on the page of the account, end these.',
    '',
    ...codes,
    '',
  ].join('\n')
