/**
 * Who sent a request: signature, chain of delegations, and what they allow.
 *
 * @see Interface specification, "Authentication".
 */
import { sha224 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { CertificationError, decodeCanisterKey, hashOfMap, separator } from '@tidemark/certification'
import { Principal, toHex } from '@tidemark/types'
import type { CallContent, Envelope, ReadStateContent, SignedDelegation } from './envelope.ts'
import { checkDelegationExpiry, checkIngressExpiry } from './expiry.ts'
import { HttpError } from './httpError.ts'
import type { HttpLimits } from './limits.ts'
import { InvalidPublicKey, InvalidSignature } from './signatures/errors.ts'
import { verifyUserSignature } from './signatures/scheme.ts'

const requestSeparator = separator('ic-request')
const delegationSeparator = separator('ic-request-auth-delegation')
const senderInfoSeparator = separator('ic-sender-info')

export interface AuthenticationContext {
  readonly nowNanos: bigint
  readonly rootKey: Uint8Array
  readonly limits: HttpLimits
  /** Whether anybody may speak for anyone, at any time. */
  readonly trustsSenders: boolean
}

/** Canisters that the sender may address; `undefined` means all. */
export type Targets = ReadonlySet<string> | undefined

/** Checks everything about the envelope but what it asks for. @throws HttpError 400 */
export async function authenticate(envelope: Envelope<CallContent | ReadStateContent>, context: AuthenticationContext): Promise<Targets> {
  const { content } = envelope
  const { limits, nowNanos, trustsSenders } = context
  if (trustsSenders) return undefined
  const anonymous = content.sender.isAnonymous()
  // Reading anonymously does nothing that a late copy of the request could repeat.
  if (!anonymous || content.requestType === 'call') checkIngressExpiry(content.ingressExpiry, nowNanos, limits.ingressLifeNanos)
  const nonceBytes = content.nonce?.length ?? 0
  if (nonceBytes > limits.nonceBytesMax) {
    throw new HttpError(400, `Nonce in request is too big: got ${nonceBytes} bytes, but at most ${limits.nonceBytesMax} are allowed.`)
  }
  if (anonymous) return authenticateAnonymous(envelope)
  const { senderPubkey, senderSig, senderDelegation } = envelope
  if (senderPubkey === undefined || senderSig === undefined)
    throw new HttpError(400, `Missing signature from user: ${content.sender.toText()}`)
  if (!Principal.selfAuthenticating(sha224(senderPubkey)).equals(content.sender)) {
    throw new HttpError(400, `The user id ${content.sender.toText()} does not match the public key ${toHex(senderPubkey)}`)
  }
  checkChainLength(senderDelegation, limits)
  checkDelegationExpiry(senderDelegation, nowNanos)
  checkChainShape(senderPubkey, senderDelegation, limits)
  const targets = await verifyDelegations(senderPubkey, senderDelegation, context)
  checkPermissions(senderDelegation, content.requestType)
  const payload = concatBytes(requestSeparator, envelope.requestId)
  const signer = senderDelegation.at(-1)?.pubkey ?? senderPubkey
  await verify('Invalid signature', { publicKeyDer: signer, signature: senderSig, payload, rootKey: context.rootKey })
  if (content.requestType !== 'read_state') await verifySenderInfo(content, senderPubkey, context)
  return targets
}

function authenticateAnonymous({ content, senderPubkey, senderSig, senderDelegation }: Envelope<CallContent | ReadStateContent>): Targets {
  if (senderPubkey !== undefined || senderSig !== undefined || senderDelegation.length > 0) {
    throw new HttpError(400, 'Signature is not allowed for the anonymous user')
  }
  if (content.requestType !== 'read_state' && content.senderInfo !== undefined)
    throw new HttpError(400, 'Sender info is not allowed for the anonymous user')
  return undefined
}

function checkChainLength({ length }: readonly SignedDelegation[], { delegationsMax }: HttpLimits): void {
  if (length <= delegationsMax) return
  throw invalidDelegation(`Chain of delegations is too long: got ${length} delegations, but at most ${delegationsMax} are allowed.`)
}

function checkChainShape(senderPubkey: Uint8Array, chain: readonly SignedDelegation[], { targetsMax }: HttpLimits): void {
  const seen = new Set([toHex(senderPubkey)])
  for (const { pubkey } of chain) {
    const key = toHex(pubkey)
    if (seen.has(key))
      throw invalidDelegation(`Chain of delegations contains at least one cycle: first repeating public key encountered ${key}`)
    seen.add(key)
  }
  for (const { targets = [] } of chain) {
    if (targets.length <= targetsMax) continue
    throw invalidDelegation(`Delegation target error: expected at most ${targetsMax} targets per delegation, but got ${targets.length}`)
  }
}

async function verifyDelegations(
  senderPubkey: Uint8Array,
  chain: readonly SignedDelegation[],
  context: AuthenticationContext,
): Promise<Targets> {
  let targets: Targets
  let signer = senderPubkey
  for (const delegation of chain) {
    const payload = concatBytes(delegationSeparator, hashOfMap(delegation.hashed))
    await verify('Invalid delegation', { publicKeyDer: signer, signature: delegation.signature, payload, rootKey: context.rootKey })
    targets = intersect(targets, delegation.targets)
    signer = delegation.pubkey
  }
  return targets
}

function checkPermissions(chain: readonly SignedDelegation[], requestType: string): void {
  for (const { permissions } of chain) {
    if (permissions === undefined || permissions === 'all') continue
    if (permissions !== 'queries') throw invalidDelegation(`unknown permissions "${permissions.slice(0, 40)}"`)
    if (requestType === 'call') throw invalidDelegation('the delegation permits queries only')
  }
}

async function verifySenderInfo({ senderInfo }: CallContent, senderPubkey: Uint8Array, context: AuthenticationContext): Promise<void> {
  if (senderInfo === undefined) return
  const signer = canisterOf(senderPubkey)
  if (signer === undefined || !signer.equals(senderInfo.signer)) {
    throw new HttpError(400, 'Invalid sender info: its signer must be the canister whose signatures authenticate the sender')
  }
  const payload = concatBytes(senderInfoSeparator, senderInfo.info)
  await verify('Invalid sender info', { publicKeyDer: senderPubkey, signature: senderInfo.sig, payload, rootKey: context.rootKey })
}

function canisterOf(publicKeyDer: Uint8Array): Principal | undefined {
  try {
    return decodeCanisterKey(publicKeyDer).canisterId
  } catch (error) {
    if (error instanceof CertificationError) return undefined
    throw error
  }
}

async function verify(what: string, parts: Parameters<typeof verifyUserSignature>[0]): Promise<void> {
  try {
    await verifyUserSignature(parts)
  } catch (error) {
    if (error instanceof InvalidPublicKey || error instanceof InvalidSignature) throw new HttpError(400, `${what}: ${error.message}`)
    throw error
  }
}

function intersect(all: Targets, next: readonly Principal[] | undefined): Targets {
  if (next === undefined) return all
  const keys = next.map((target) => target.key)
  return new Set(all === undefined ? keys : keys.filter((key) => all.has(key)))
}

function invalidDelegation(message: string): HttpError {
  return new HttpError(400, `Invalid delegation: ${message}`)
}
