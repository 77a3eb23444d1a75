import type { Question } from '@/design/ask'

export type Deed = 'disable' | 'enable' | 'promote' | 'demote' | 'groups' | 'link' | 'factor'

/** What is asked before an administrator does something to somebody's account; nothing before what is easily undone. */
export const QUESTIONS: Partial<Record<Deed, (name: string) => Question>> = {
  disable: (name) => ({
    title: `Disable the account of ${name}?`,
    text: 'All their sessions and connections end now, and they cannot sign in until you enable the account again. What they wrote stays.',
    action: 'Disable',
    danger: true,
  }),
  promote: (name) => ({
    title: `Make ${name} an administrator?`,
    text: 'Administrators see all accounts, rooms and the audit list. They can close rooms, disable accounts and take your rights away.',
    action: 'Make administrator',
  }),
  demote: (name) => ({
    title: `Take the administrator's rights from ${name}?`,
    text: 'They keep their account. Any administrator can give the rights back.',
    action: 'Take the rights',
    danger: true,
  }),
  factor: (name) => ({
    title: `Switch off the second factor of ${name}?`,
    text: 'For somebody who has lost both their app and their recovery codes: be sure that it is them who ask. Their password is enough again, they are signed out everywhere, and told by mail.',
    action: 'Switch it off',
    danger: true,
  }),
  link: (name) => ({
    title: `Make a link for ${name}?`,
    text: 'Whoever has it can choose a new password for this account, once, within a day. Earlier links end. Give it to the person in a safe way.',
    action: 'Make the link',
  }),
}
