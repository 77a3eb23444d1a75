import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** What it says: how many bytes it has seen; at the end the hash; or that the file cannot be read. */
export type HashNews = { seen: number } | { sha256: string } | { unreadable: true }

const PIECE = 2 * 1024 * 1024

/** Hashes one file piece by piece, so that its size does not matter. */
onmessage = async ({ data: file }: MessageEvent<Blob>) => {
  const say = (news: HashNews) => postMessage(news)
  try {
    const hash = sha256.create()
    for (let start = 0; start < file.size; start += PIECE) {
      const piece = file.slice(start, start + PIECE)
      hash.update(new Uint8Array(await piece.arrayBuffer()))
      say({ seen: start + piece.size })
    }
    say({ sha256: bytesToHex(hash.digest()) })
  } catch {
    say({ unreadable: true })
  }
}
