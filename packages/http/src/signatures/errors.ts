/** A public key that is malformed or of a kind that users may not sign with. */
export class InvalidPublicKey extends Error {
  override readonly name = 'InvalidPublicKey'

  constructor(message: string) {
    super(`Invalid public key: ${message}`)
  }
}

/** A signature that is malformed or does not verify. */
export class InvalidSignature extends Error {
  override readonly name = 'InvalidSignature'
}
