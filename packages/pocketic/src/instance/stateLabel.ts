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

  /** Something may have changed. */
  bump(): void {
    this.#number += 1n
  }
}

/** A label as clients send it back, in its one spelling. @returns the reason when it is none */
export function parseLabel(text: string): { readonly label: string } | { readonly problem: string } {
  if (!/^[A-Za-z0-9_-]*={0,2}$/.test(text)) return { problem: 'malformed state_label' }
  const bytes = Buffer.from(text, 'base64url')
  return bytes.length === 16 ? { label: encodeLabel(bytes) } : { problem: 'Bad state_label' }
}

function encodeLabel(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_')
}
