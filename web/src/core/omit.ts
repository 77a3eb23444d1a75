/** The object without some of its fields. */
export function omit<T extends object, K extends keyof T>(from: T, ...fields: K[]): Omit<T, K> {
  const rest = { ...from }
  for (const field of fields) delete rest[field]
  return rest
}
