/** Why an answer of a canister cannot be trusted, in the words of the public gateway. */
export class VerificationError extends Error {
  override readonly name = 'VerificationError'
}
