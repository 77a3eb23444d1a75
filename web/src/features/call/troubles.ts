import type { CallError, Medium, Trouble, WayCheck } from './engine/types'

/** What is wrong and what to do about it, for people. */
export interface Help {
  title: string
  text: string
}

const NAMES: Record<Medium, string> = { microphone: 'microphone', camera: 'camera', screen: 'screen' }
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

const SCREEN: Partial<Record<Trouble, Help>> = {
  denied: {
    title: 'The screen was not shared',
    text: 'It was not chosen, or the system keeps it from the browser: on a Mac, allow screen recording for the browser in the system settings.',
  },
  unsupported: {
    title: 'This browser cannot share a screen',
    text: 'Browsers of phones and tablets let pages see no screen. Share from a computer.',
  },
  insecure: {
    title: 'Sharing a screen needs HTTPS',
    text: 'Browsers let only pages see it that come over HTTPS. A host can give the server HTTPS.',
  },
}

function device(medium: Medium, trouble: Trouble): Help {
  const name = NAMES[medium]
  switch (trouble) {
    case 'insecure':
      return {
        title: `The ${name} needs HTTPS`,
        text: 'Browsers give it only to pages that come over HTTPS. A host can give the server HTTPS; everything else works meanwhile.',
      }
    case 'unsupported':
      return {
        title: `This browser has no ${name} for pages`,
        text: 'Browsers inside other apps often have none. Open this page in Safari, Chrome, Firefox or Edge; the link is the same.',
      }
    case 'denied':
      return {
        title: `The ${name} is not allowed`,
        text: `Tap the sign beside the address of this page, allow the ${name} there, and try again. If that is of no use, the system keeps it from the browser: look for the browser in the device’s settings.`,
      }
    case 'missing':
      return {
        title: `No ${name} was found`,
        text: 'Connect one, or go on without: you see and hear the others all the same.',
      }
    case 'busy':
      return {
        title: `The ${name} does not start`,
        text: 'Another app or tab may have it. Close that, and try again.',
      }
    case 'unplugged':
      return {
        title: `The ${name} was pulled out`,
        text: 'There is no other one. Plug it in again, and it goes on by itself.',
      }
  }
}

export const helpFor = (medium: Medium, trouble: Trouble): Help =>
  (medium === 'screen' && SCREEN[trouble]) || device(medium, trouble)

/** Both at once where the cause is the same for both. */
export function helpForBoth(microphone: Trouble | null, camera: Trouble | null): Help[] {
  const shared = microphone === camera ? microphone : null
  if (shared === 'insecure' || shared === 'unsupported' || shared === 'denied') {
    const { title, text } = device('microphone', shared)
    const both = (words: string) =>
      capital(
        words
          .replace('The microphone needs', 'Microphone and camera need')
          .replace('The microphone is', 'Microphone and camera are')
          .replace('no microphone for', 'no microphone and camera for')
          .replace('allow the microphone', 'allow them')
          .replace('keeps it from', 'keeps them from')
          .replace('give it only', 'give them only'),
      )
    return [{ title: both(title), text: both(text) }]
  }
  return [
    ...(microphone ? [device('microphone', microphone)] : []),
    ...(camera ? [device('camera', camera)] : []),
  ]
}

export interface Finding extends Help {
  look: 'good' | 'warn' | 'bad' | 'info'
}

/** What the check of the ways has found, the worst first. */
export function findings(check: WayCheck): Finding[] {
  const found: Finding[] = []
  if (!check.host && !check.relay)
    found.push({
      look: 'bad',
      title: 'The browser shows no way in or out',
      text: 'A VPN or an extension hides this device’s addresses. Allow WebRTC there, or pause it for the call.',
    })
  if (check.udp === false)
    found.push({
      look: check.relay ? 'warn' : 'bad',
      title: 'This network lets no UDP through',
      text: check.relay
        ? 'Calls go over the server’s relay instead. Pictures may come later than elsewhere.'
        : 'Only people in the same network will be reached. Take another network, such as the phone’s own; or the server gets a relay.',
    })
  if (check.relayTrouble === 'refused')
    found.push({
      look: 'warn',
      title: 'The relay refuses this page',
      text: 'Its secret and the server’s are not the same, or a clock is wrong. Who runs the server can mend it; calls in one network work meanwhile.',
    })
  if (check.relayTrouble === 'unreachable')
    found.push({
      look: 'warn',
      title: 'The relay does not answer',
      text: 'It is off, or a firewall is in between. Calls in one network work; between some networks they will not.',
    })
  if (found.length > 0) return found
  return [
    check.udp === null && check.relay === null
      ? {
          look: 'info',
          title: 'Ready for people in the same network',
          text: 'The server has no relay, so that between some networks no sound and picture may pass.',
        }
      : { look: 'good', title: 'The network is ready', text: 'Sound and picture find their way.' },
  ]
}

const SENTENCES: Partial<Record<string, Help>> = {
  call_full: {
    title: 'The call is full',
    text: 'As many as can be are in it. Try again when somebody has left; the chat is open meanwhile.',
  },
}
/** A refusal that keeps one out of the call. */
export const helpForError = ({ code, message }: CallError): Help =>
  SENTENCES[code] ?? { title: 'That did not work', text: message }
