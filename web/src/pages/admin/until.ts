/** What a field for date and time holds, in this device's time; null when it is empty or no time. */
export function untilOf(text: string): number | null {
  const at = text ? new Date(text).getTime() : NaN
  return Number.isNaN(at) ? null : at
}
