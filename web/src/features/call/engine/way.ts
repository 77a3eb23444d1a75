import type { WayCheck } from './types'

/** Longer than this nobody wants to wait for what a relay that is not there does not say. */
const WITHIN_MS = 6_000

const urlsOf = (servers: readonly RTCIceServer[], kind: RegExp) =>
  servers.flatMap(({ urls }) => urls).filter((url) => kind.test(url))

/** Looks for ways out of this network, as a call would: `told` what is found, as it is found. */
export async function findWay(servers: RTCIceServer[], told: (way: WayCheck) => void): Promise<WayCheck> {
  const [stun, turn] = [urlsOf(servers, /^(stun|turn)s?:/), urlsOf(servers, /^turns?:/)]
  let way: WayCheck = {
    state: 'running',
    host: false,
    udp: stun.length > 0 ? false : null,
    relay: turn.length > 0 ? false : null,
    relayTrouble: null,
  }
  const put = (more: Partial<WayCheck>) => told((way = { ...way, ...more }))
  put({})
  const connection = new RTCPeerConnection({ iceServers: servers })
  try {
    connection.createDataChannel('')
    await new Promise<void>((done) => {
      const timer = setTimeout(done, WITHIN_MS)
      connection.onicecandidate = ({ candidate }) => {
        if (!candidate) return (clearTimeout(timer), done())
        if (candidate.type === 'host') put({ host: true })
        // A relay that is reached by UDP tells as much as a server that answers by it.
        const byUdp = (candidate as { relayProtocol?: string }).relayProtocol === 'udp'
        if (candidate.type === 'srflx' || (candidate.type === 'relay' && byUdp)) put({ udp: true })
        if (candidate.type === 'relay') put({ relay: true, relayTrouble: null })
      }
      connection.onicecandidateerror = ({ errorCode, url }) => {
        if (!/^turns?:/.test(url ?? '') || way.relay) return
        const refused = [400, 401, 403, 438, 441, 486].includes(errorCode)
        if (refused || way.relayTrouble === null) put({ relayTrouble: refused ? 'refused' : 'unreachable' })
      }
      void connection.setLocalDescription()
    })
  } finally {
    connection.close()
  }
  if (way.relay === false && way.relayTrouble === null) put({ relayTrouble: 'unreachable' })
  put({ state: 'done' })
  return way
}
