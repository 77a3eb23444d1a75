import type { AuditLine } from '@/core/admin'

/** What stands in the list for each action: `%s` is whom or what it was done to, `%p` the person in a room. */
const SENTENCES: Record<string, string> = {
  'account.sign_up': 'signed up',
  'account.sign_in': 'signed in',
  'account.proof': 'gave the password once more',
  'account.password': 'changed their password',
  'account.email': 'changed their e-mail address',
  'account.reset': 'chose a new password by a link',
  'account.second_factor_on': 'switched their second factor on',
  'account.second_factor_off': 'switched their second factor off',
  'account.recovery_code': 'used a recovery code',
  'account.recovery_codes': 'made new recovery codes',
  'account.code_guessed': 'gave the password of %s and then only wrong codes',
  'account.link': 'linked a provider',
  'account.unlink': 'unlinked a provider',
  'account.sign_out_everywhere': 'signed out everywhere',
  'account.delete': 'deleted their account',
  'user.add': 'added the account of %s',
  'user.delete': 'deleted an account',
  'user.disable': 'disabled the account of %s',
  'user.enable': 'enabled the account of %s',
  'user.admin': 'made %s an administrator',
  'user.no_admin': 'took the rights of an administrator from %s',
  'user.groups': 'changed the groups of %s',
  'user.reset_link': 'made a link for a new password for %s',
  'user.second_factor_off': 'switched off the second factor of %s',
  'room.close': 'closed the room %s',
  'room.ban': 'banned %p from %s',
  'room.remove': 'removed %p from %s',
  'room.readmit': 'let %p into %s again',
  'room.clear_chat': 'cleared the chat of %s',
  'room.mute': 'muted %p in %s',
  'room.unmute': 'let %p write again in %s',
  'room.role': 'changed the role of %p in %s',
  'room.admission': 'changed who may come into %s',
  'room.password': 'gave a password to %s',
  'room.no_password': 'took the password from %s',
  'room.admit': 'let people who knocked into %s',
  'room.decline': 'turned away somebody who knocked at %s',
  'room.invite': 'invited people to %s',
  'room.uninvite': 'took back invitations to %s',
  'site.announce': 'announced something to everyone',
  'site.take_back': 'took an announcement back',
  'site.limits': 'changed the limits of the server',
}

/** What one can choose to see: a beginning of actions. */
export const KINDS: { value: string; label: string }[] = [
  { value: '', label: 'Everything' },
  { value: 'user.', label: 'What administrators did to accounts' },
  { value: 'room.', label: 'What hosts and administrators did in rooms' },
  { value: 'site.', label: 'Announcements and limits' },
  { value: 'account.', label: 'What people did with their accounts' },
  { value: 'account.sign_in', label: 'Signing in' },
  { value: 'account.reset', label: 'New passwords by a link' },
]

/** The sentence without the one who did it: what comes before and after whom or what it was done to. */
export function sentenceOf(line: AuditLine): { before: string; subject: string | null; after: string } {
  const known = SENTENCES[line.action]
  // Actions that this page does not know yet are told by their own name.
  const text = known ?? `did “${line.action}”${line.subject ? ' to %s' : ''}`
  const [before = '', ...rest] = text.replace('%p', line.person_name ?? 'somebody').split('%s')
  return {
    before: before.trim(),
    subject: rest.length ? (line.subject_name ?? missing(line)) : null,
    after: rest.join('').trim(),
  }
}

function missing(line: AuditLine): string {
  if (line.action.startsWith('user.')) return line.subject ? 'an account that is gone' : 'a deleted account'
  return line.subject ? 'something that is gone' : 'something'
}

/** Who did it. Without an identity it was the command line, the server, or somebody who is gone. */
export function actorOf(line: AuditLine): string {
  if (line.actor_name) return line.actor_name
  if (line.actor) return 'A guest'
  if (line.action === 'account.code_guessed') return 'Somebody'
  return line.action.startsWith('account.') ? 'Somebody who is gone' : 'The server or its command line'
}

/** What else was noted, for those who want to know exactly. */
export function detailsOf(line: AuditLine): string {
  const shown = Object.entries(line.detail).filter(([name, value]) => name !== 'person' && value !== null)
  const parts = shown.map(([name, value]) => {
    const text = Array.isArray(value) ? value.join(', ') || 'none' : String(value)
    return `${name.replaceAll('_', ' ')}: ${text}`
  })
  if (line.network) parts.push(`from ${line.network}`)
  return parts.join(' · ')
}
