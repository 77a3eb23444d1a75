/** Why joining did not work; with a field when the person can put it right there. */
export interface Problem {
  message: string
  field?: string | undefined
}
