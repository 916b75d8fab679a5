import { badRequest, PlainError } from '../wire/apiError.ts'

/** Names of the states that an instance goes through: 16 bytes, of which the upper half is the instance. */
export class StateLabels {
  #number: bigint

  constructor(instance: number) {
    this.#number = BigInt(instance) << 64n
  }

  /** The present state, in base64 for URLs. */
  get current(): string {
    const bytes = Buffer.alloc(16)
    bytes.writeBigUInt64LE(this.#number & 0xffff_ffff_ffff_ffffn)
    bytes.writeBigUInt64LE(this.#number >> 64n, 8)
    return encodeLabel(bytes)
  }

  /** The present state, as the list of instances names it. */
  get shown(): string {
    return `StateLabel(${Buffer.from(this.current, 'base64url').toString('hex').toUpperCase()})`
  }

  /** Something may have changed. */
  bump(): void {
    this.#number += 1n
  }
}

/** A label as clients send it back, in its one spelling. @throws ApiError 400 when it is none */
export function parseLabel(text: string): string {
  if (!/^[A-Za-z0-9_-]*={0,2}$/.test(text)) throw new PlainError(400, 'malformed state_label')
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length !== 16) throw badRequest('Bad state_label')
  return encodeLabel(bytes)
}

function encodeLabel(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_')
}
