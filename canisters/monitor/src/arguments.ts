import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import { monitorTypes } from '@tidemark/bindings'
import { Cursor } from './candid/cursor.ts'
import { readMessageTypes } from './candid/wireTypes.ts'

/** What a caller of `history` asks for. */
export interface HistoryArguments {
  readonly canister: Principal
  readonly range: monitorTypes.HistoryRange | undefined
}

/** @throws {Error} when the bytes are not the arguments of `history` */
export function decodeHistoryArguments(bytes: Uint8Array): HistoryArguments {
  const [canister, range = []] = decodeArguments([IDL.Principal, IDL.Opt(monitorTypes.HistoryRange)], bytes)
  if (!(canister instanceof Principal) || !isOptional<monitorTypes.HistoryRange>(range))
    throw new Error('history takes a canister and an optional range.')
  return { canister, range: range.at(0) }
}

/** @throws {Error} when the bytes are not the arguments of an installation or an upgrade */
export function decodeInitArguments(bytes: Uint8Array): monitorTypes.Init | undefined {
  const [init = []] = decodeArguments([IDL.Opt(monitorTypes.Init)], bytes)
  if (!isOptional<monitorTypes.Init>(init)) throw new Error('The monitor is installed with an optional record.')
  return init.at(0)
}

/**
 * Decodes as many arguments as were sent: Candid lets a caller leave out trailing optional ones, which the Candid
 * library does not know. `dfx deploy` and `icp deploy` do so where no argument is configured.
 */
function decodeArguments(types: readonly IDL.Type[], bytes: Uint8Array): readonly unknown[] {
  const sent = readMessageTypes(new Cursor(bytes)).values.length
  const required = types.filter((type) => !(type instanceof IDL.OptClass)).length
  return IDL.decode(types.slice(0, Math.max(sent, required)), bytes)
}

function isOptional<T>(value: unknown): value is readonly T[] {
  return Array.isArray(value)
}
