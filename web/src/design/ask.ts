import { shallowRef } from 'vue'

export interface Question {
  title: string
  text: string
  /** The word on the button that does it: a verb, never "OK". */
  action: string
  danger?: boolean
  /** A choice that goes with it. */
  check?: string
  /** A way out to offer first, such as a download. */
  links?: { label: string; href: string }[]
}
export interface Reply {
  yes: boolean
  checked: boolean
}

export const asked = shallowRef<{ question: Question; settle: (reply: Reply) => void } | null>(null)

/** Asks in a dialog, one question at a time; closing it by any way is a no. */
export function ask(question: Question): Promise<Reply> {
  asked.value?.settle({ yes: false, checked: false })
  return new Promise((resolve) => {
    asked.value = {
      question,
      settle: (reply) => {
        asked.value = null
        resolve(reply)
      },
    }
  })
}
