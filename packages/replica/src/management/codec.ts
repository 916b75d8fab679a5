/** Candid in and out of the management canister, by the types of its own interface. */
import { IDL } from '@dfinity/candid'
import { Principal as CandidPrincipal } from '@dfinity/principal'
import { limitDecoding, management, type ManagementService } from '@tidemark/bindings'
import { InvariantError, Principal, RejectError } from '@tidemark/types'
import { checkSnapshotIds } from './snapshots/snapshotId.ts'

export type MethodName = keyof ManagementService
export type Argument<M extends MethodName> = M extends MethodName
  ? Parameters<ManagementService[M]> extends [infer Arg]
    ? Arg
    : undefined
  : never
export type Reply<M extends MethodName> = Awaited<ReturnType<ManagementService[M]>>

const functions = new Map(management.idlFactory({ IDL })._fields)

function typesOf(method: MethodName): IDL.FuncClass {
  const type = functions.get(method)
  if (type === undefined) throw new InvariantError(`the management interface lacks ${method}`)
  return type
}

/** Whether the interface has a method of this name. */
export function isMethodName(name: string): name is MethodName {
  return functions.has(name)
}

// A call is decoded by the ingress filter, for its payer, for its route and for its execution, always from the same bytes.
const decoded = new WeakMap<Uint8Array, { readonly method: MethodName; readonly value: unknown }>()

/**
 * The argument of a method, not to be changed. Fields and further arguments that the interface does not know are passed
 * over. The bytes must not change either: they are decoded once.
 *
 * @throws RejectError InvalidManagementPayload
 */
export function decodeArgument<M extends MethodName>(method: M, bytes: Uint8Array): Argument<M> {
  const known = decoded.get(bytes)
  const value = known?.method === method ? known.value : decode(method, bytes)
  decoded.set(bytes, { method, value })
  // The decoder has checked the value against the type that Argument<M> was generated from.
  return value as Argument<M>
}

function decode(method: MethodName, bytes: Uint8Array): unknown {
  if (method === 'create_canister') return decodeCreation(bytes)
  try {
    limitDecoding(bytes)
    const [value] = IDL.decode(typesOf(method).argTypes, bytes)
    checkSnapshotIds(value)
    return value
  } catch (thrown) {
    throw undecodable(thrown)
  }
}

/** Creating a canister takes no argument, too, and does not say what is wrong with one but for lists that are too long. */
function decodeCreation(bytes: Uint8Array): unknown {
  if (noArguments(bytes)) return { settings: [], sender_canister_version: [] }
  try {
    limitDecoding(bytes)
    return IDL.decode(typesOf('create_canister').argTypes, bytes)[0]
  } catch {
    throw new RejectError('InvalidManagementPayload', 'Payload deserialization error.')
  }
}

/** Bytes of a Candid message without values. */
export const emptyReply: Uint8Array = new TextEncoder().encode('DIDL\0\0')

/** Whether an argument has no values. */
export function noArguments(arg: Uint8Array): boolean {
  return arg.length === emptyReply.length && arg.every((byte, i) => byte === emptyReply[i])
}

/** The encoded result of a method; `undefined` where it has none. */
export function encodeReply<M extends MethodName>(method: M, value: Reply<M>): Uint8Array {
  const { retTypes } = typesOf(method)
  return IDL.encode(retTypes, retTypes.length === 0 ? [] : [value])
}

/** @throws RejectError InvalidManagementPayload when it is longer than a principal can be */
export function fromCandidPrincipal(principal: CandidPrincipal): Principal {
  try {
    return Principal.fromBytes(principal.toUint8Array())
  } catch (thrown) {
    throw undecodable(thrown)
  }
}

export function toCandidPrincipal(principal: Principal): CandidPrincipal {
  return CandidPrincipal.fromUint8Array(principal.bytes)
}

/** The error of a list that is longer than may be decoded. */
export function tooManyElements(max: number): RejectError {
  return tooLong('number of elements', max)
}

/** The error of a list whose elements have more bytes in all than may be decoded. */
export function tooManyBytes(max: number): RejectError {
  return tooLong('total data size', max)
}

function tooLong(what: string, max: number): RejectError {
  return new RejectError('InvalidManagementPayload', `Error decoding candid: Deserialize error: The ${what} exceeds maximum allowed ${max}`)
}

/** What an optional field holds. */
export function optional<T>(value: [] | [T]): T | undefined {
  return value[0]
}

export function toOptional<T>(value: T | undefined): [] | [T] {
  return value === undefined ? [] : [value]
}

function undecodable(thrown: unknown): RejectError {
  if (thrown instanceof RejectError) return thrown
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  return new RejectError('InvalidManagementPayload', `Error decoding candid: ${reason}`)
}
