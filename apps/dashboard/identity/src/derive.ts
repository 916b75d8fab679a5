import { Ed25519KeyIdentity } from '@dfinity/identity'
import { propertyOf } from './request.ts'

/** Bytes in the seed that the stack serves. */
export const serverSeedLength = 32

/** What a key is derived from. */
export type KeyOrigin = {
  /** 32 bytes that belong to the network's state directory. */
  readonly serverSeed: Uint8Array
  readonly userNumber: number
  /** Origin of the application, such as `http://localhost:4943`: the same person gets another principal at each. */
  readonly derivationOrigin: string
}

/**
 * The key of one person at one application: Ed25519 from SHA-256 of server seed, user number in decimal, and origin.
 * A number has only digits and an origin starts with a letter, so no two inputs run together to the same bytes.
 *
 * @throws RangeError when the seed has another length.
 */
export const deriveKey = async ({ serverSeed, userNumber, derivationOrigin }: KeyOrigin): Promise<Ed25519KeyIdentity> => {
  if (serverSeed.length !== serverSeedLength)
    throw new RangeError(`The server seed must have ${serverSeedLength} bytes, got ${serverSeed.length}`)
  const text = new TextEncoder().encode(`${userNumber}${derivationOrigin}`)
  const input = new Uint8Array(serverSeedLength + text.length)
  input.set(serverSeed)
  input.set(text, serverSeedLength)
  return Ed25519KeyIdentity.generate(new Uint8Array(await crypto.subtle.digest('SHA-256', input)))
}

/** What the stack tells the page. */
export type ServerFacts = {
  readonly seed: Uint8Array
  /** Time of the network, which may be ahead of this machine's; absent when an older stack tells none. */
  readonly timeMs?: number
}

/** @throws Error as `parseServerSeed` */
export const parseServerFacts = (answer: unknown): ServerFacts => {
  const nanos = propertyOf(answer, 'timeNanos')
  const seed = parseServerSeed(answer)
  return typeof nanos === 'string' && /^\d{1,20}$/.test(nanos) ? { seed, timeMs: Number(BigInt(nanos) / 1_000_000n) } : { seed }
}

/**
 * Reads the seed that the stack serves to this page: `{ "seed": "<64 hexadecimal digits>" }`.
 *
 * @throws Error when the answer is something else, which means that this page is not served by the stack.
 */
export const parseServerSeed = (answer: unknown): Uint8Array => {
  const hex = propertyOf(answer, 'seed')
  if (typeof hex !== 'string' || !/^[0-9a-f]{64}$/i.test(hex)) {
    throw new Error('This page is not served by a local Tidemark network: it has no seed to derive keys from.')
  }
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
