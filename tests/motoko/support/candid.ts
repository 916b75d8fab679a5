/** Arguments with their Candid types, and results without. */
import { IDL } from '@dfinity/candid'
import { Principal as CandidPrincipal } from '@dfinity/principal'
import { Principal } from '@tidemark/types'

/** An argument: a number is a `nat`, bytes are a `blob`; other types are given with the value. */
export type Argument = bigint | boolean | string | Uint8Array | Principal | TypedArgument

export interface TypedArgument {
  readonly type: IDL.Type
  readonly value: unknown
}

/** An argument of any Candid type. */
export function of(type: IDL.Type, value: unknown): TypedArgument {
  return { type, value }
}

export function encodeArguments(args: readonly Argument[]): Uint8Array {
  const typed = args.map((arg) => typedOf(arg))
  return new Uint8Array(
    IDL.encode(
      typed.map(({ type }) => type),
      typed.map(({ value }) => value),
    ),
  )
}

/** The value of a result: undefined when there is none, an array when there are several. Principals are the project's own. */
export function decodeResult(bytes: Uint8Array): unknown {
  const values = decodeAll(bytes).map(plain)
  return values.length > 1 ? values : values[0]
}

const mostValues = 8

/** The decoder must be told how many values there are at least: the most that it accepts are all. */
function decodeAll(bytes: Uint8Array, count = mostValues): unknown[] {
  try {
    return IDL.decode(Array<IDL.Type>(count).fill(IDL.Unknown), bytes)
  } catch (error) {
    if (count === 0) throw error
    return decodeAll(bytes, count - 1)
  }
}

function plain(value: unknown): unknown {
  if (value instanceof CandidPrincipal) return Principal.fromBytes(value.toUint8Array())
  // Without an expected type, the decoder boxes texts, numbers and truth values.
  return typeof value === 'object' && value !== null ? value.valueOf() : value
}

function typedOf(arg: Argument): TypedArgument {
  if (typeof arg === 'bigint') return of(IDL.Nat, arg)
  if (typeof arg === 'boolean') return of(IDL.Bool, arg)
  if (typeof arg === 'string') return of(IDL.Text, arg)
  if (arg instanceof Uint8Array) return of(IDL.Vec(IDL.Nat8), arg)
  if (arg instanceof Principal) return of(IDL.Principal, CandidPrincipal.fromUint8Array(arg.bytes))
  return arg
}
