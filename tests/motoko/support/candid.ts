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

/** A reference to a public function of a canister. */
export function reference(canister: Principal, method: string, args: IDL.Type[] = [], results: IDL.Type[] = [], annotations: string[] = []): TypedArgument {
  return of(IDL.Func(args, results, annotations), [CandidPrincipal.fromUint8Array(canister.bytes), method])
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

/** The first value of a result, undefined when there is none. Principals come as the project's own. */
export function decodeResult(bytes: Uint8Array): unknown {
  // Six bytes say "no types, no values".
  if (bytes.length === 6) return undefined
  const [value] = IDL.decode([IDL.Unknown], bytes)
  return plain(value)
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
