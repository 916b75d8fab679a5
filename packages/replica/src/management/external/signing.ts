/**
 * Signatures and encrypted keys: checked and paid for when the call is executed, answered at the start of the next round,
 * as it takes the nodes of the public network some rounds to agree on them.
 */
import { type ChainKeyOperation, chainKeyFee } from '@tidemark/cycles'
import type { PaidRequest, SubnetState } from '@tidemark/state'
import { InvariantError, RejectError } from '@tidemark/types'
import { type ChainKeys, holderNodes, isTransportKey, type KeyId, printKey } from '../../chainKeys/index.ts'
import { argumentOf } from '../access.ts'
import type { Answer, ManagementCall, ManagementOptions, ManagementResult } from '../call.ts'
import { decodeArgument, encodeReply, optional } from '../codec.ts'
import { notEnoughCycles } from '../paidCall.ts'
import { checkedPath, ecdsaKey, keysWith, schnorrKey, vetKey } from './chainKeys.ts'

type SigningMethod = 'sign_with_ecdsa' | 'sign_with_schnorr' | 'vetkd_derive_key'

/** Calls that can wait for the same key. */
const queueLength = 20
const digestBytes = 32
const merkleRootBytes: readonly number[] = [0, 32]

/** @see Interface specification, "IC method `sign_with_ecdsa`" */
export function signWithEcdsa(call: ManagementCall): ManagementResult {
  refuseEmpty(call.arg)
  const { message_hash, derivation_path, key_id } = argumentOf(call, 'sign_with_ecdsa')
  if (message_hash.length !== digestBytes) {
    throw new RejectError('InvalidManagementPayload', `Error decoding candid: message_hash must be ${digestBytes} bytes long`)
  }
  checkedPath(derivation_path)
  return accept(call, 'sign_with_ecdsa', 'ecdsa', ecdsaKey(key_id))
}

/** @see Interface specification, "IC method `sign_with_schnorr`" */
export function signWithSchnorr(call: ManagementCall): ManagementResult {
  refuseEmpty(call.arg)
  const { message, derivation_path, key_id, aux } = argumentOf(call, 'sign_with_schnorr')
  checkedPath(derivation_path)
  refuseEmpty(message)
  const tweak = optional(aux)
  if (tweak !== undefined && 'ed25519' in key_id.algorithm) {
    throw new RejectError('CanisterRejectedMessage', 'Schnorr algorithm Ed25519 does not support aux input')
  }
  if (tweak !== undefined && !merkleRootBytes.includes(tweak.bip341.merkle_root_hash.length)) {
    throw new RejectError('CanisterRejectedMessage', 'Invalid aux field for Bip340Secp256k1')
  }
  return accept(call, 'sign_with_schnorr', 'schnorr', schnorrKey(key_id))
}

/** @see Interface specification, "IC method `vetkd_derive_key`" */
export function vetkdDeriveKey(call: ManagementCall): ManagementResult {
  const { key_id, transport_public_key } = argumentOf(call, 'vetkd_derive_key')
  const key = vetKey(key_id)
  keysWith(call, 'vetkd_derive_key', key, 'sign')
  if (!isTransportKey(transport_public_key)) {
    throw new RejectError('CanisterRejectedMessage', 'The provided transport public key is invalid.')
  }
  return accept(call, 'vetkd_derive_key', 'vetkd', key)
}

function refuseEmpty(bytes: Uint8Array): void {
  if (bytes.length === 0) throw new RejectError('CanisterRejectedMessage', 'An empty message cannot be signed')
}

/** Takes the fee and queues the call. @throws RejectError CanisterRejectedMessage: unknown key, fee, queue */
function accept(call: ManagementCall, method: SigningMethod, operation: ChainKeyOperation, key: KeyId): ManagementResult {
  keysWith(call, method, key, 'sign')
  const fee = chainKeyFee(call.env.pricing, operation, holderNodes(key))
  if (call.cycles < fee) throw notEnoughCycles(method, call.cycles, fee)
  const { signatureRequests } = call.subnet
  const waiting = signatureRequests.filter(({ request }) => printKey(keyOf(request.methodName, request.arg)) === printKey(key))
  if (waiting.length >= queueLength) {
    throw new RejectError('CanisterRejectedMessage', `${method} request failed: request queue for key ${printKey(key)} is full.`)
  }
  call.subnet.burnedCycles += fee
  if (call.origin.kind === 'canister') signatureRequests.push({ request: call.origin.request, refund: call.cycles - fee })
  return { kind: 'deferred' }
}

function keyOf(method: string, arg: Uint8Array): KeyId {
  switch (method) {
    case 'sign_with_ecdsa':
      return ecdsaKey(decodeArgument('sign_with_ecdsa', arg).key_id)
    case 'sign_with_schnorr':
      return schnorrKey(decodeArgument('sign_with_schnorr', arg).key_id)
    case 'vetkd_derive_key':
      return vetKey(decodeArgument('vetkd_derive_key', arg).key_id)
    default:
      throw new InvariantError(`${method} does not wait for a key`)
  }
}

/** Steps of derivation that a round goes through for signatures; what comes to more waits for the next one. */
const stepsPerRound = 1_000
/** What a signature takes besides its derivation, and what encrypting a key does, in such steps. */
const ownSteps: Readonly<Record<SigningMethod, number>> = { sign_with_ecdsa: 4, sign_with_schnorr: 4, vetkd_derive_key: 60 }

/** Answers calls of earlier rounds, the oldest first. To be called at the start of a round. */
export function answerSignatures(subnet: SubnetState, { chainKeys }: ManagementOptions): Answer[] {
  if (chainKeys === undefined) throw new InvariantError('calls for signatures wait, but there are no keys')
  const { signatureRequests } = subnet
  let steps = 0
  let count = 0
  for (; count < signatureRequests.length && steps < stepsPerRound; count++)
    steps += stepsOf((signatureRequests[count] as PaidRequest).request)
  return signatureRequests.splice(0, count).map((paid) => answerTo(chainKeys, paid))
}

function stepsOf({ methodName, arg }: PaidRequest['request']): number {
  switch (methodName) {
    case 'sign_with_ecdsa':
    case 'sign_with_schnorr':
      return ownSteps[methodName] + decodeArgument(methodName, arg).derivation_path.length
    default:
      return ownSteps.vetkd_derive_key
  }
}

function answerTo(keys: ChainKeys, { request, refund }: PaidRequest): Answer {
  const { sender, callbackId, deadlineNanos, receiver } = request
  return {
    to: { kind: 'canister', caller: sender, callbackId, deadlineNanos, respondent: receiver },
    payload: { kind: 'reply', data: replyTo(keys, request) },
    refund,
  }
}

function replyTo(keys: ChainKeys, { methodName, arg: bytes, sender }: PaidRequest['request']): Uint8Array {
  const key = keyOf(methodName, bytes)
  if (methodName === 'sign_with_ecdsa') {
    const arg = decodeArgument(methodName, bytes)
    const whose = { canisterId: sender, path: arg.derivation_path }
    return encodeReply(methodName, { signature: keys.signEcdsa(key, whose, arg.message_hash) })
  }
  if (methodName === 'sign_with_schnorr') {
    const arg = decodeArgument(methodName, bytes)
    const whose = { canisterId: sender, path: arg.derivation_path }
    const merkleRoot = optional(arg.aux)?.bip341.merkle_root_hash
    return encodeReply(methodName, { signature: keys.signSchnorr(key, whose, arg.message, merkleRoot) })
  }
  const arg = decodeArgument('vetkd_derive_key', bytes)
  const encrypted = keys.encryptedVetKey(key, sender, arg.context, arg.input, arg.transport_public_key)
  return encodeReply('vetkd_derive_key', { encrypted_key: encrypted })
}
