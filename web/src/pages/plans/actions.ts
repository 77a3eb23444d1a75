import { cancelPlan, type Plan } from '@/core/plans'
import { ask } from '@/design/ask'
import { copyText } from '@/design/copy'
import { tell, tellError } from '@/design/toasts'
import { cancelWords } from './words'

/** The plan as it is then, or nothing when it was not cancelled. */
export async function askToCancel(plan: Plan): Promise<Plan | undefined> {
  const { yes } = await ask({
    title: `Call off “${plan.title}”?`,
    text: cancelWords(plan),
    action: 'Call it off',
    danger: true,
  })
  if (!yes) return undefined
  try {
    const cancelled = await cancelPlan(plan.id)
    tell('It is called off.', { look: 'good' })
    return cancelled
  } catch (error) {
    tellError(error)
    return undefined
  }
}

export async function copyLink(plan: Plan): Promise<void> {
  if (await copyText(plan.url)) tell('The link of the room is copied.', { look: 'good' })
  else tell('Copying is blocked here. Open the plan, select the link and copy it yourself.', { look: 'bad' })
}
