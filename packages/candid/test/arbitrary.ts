import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import fc from 'fast-check'

/** A type together with a value of it, as the agent's IDL represents both. */
export interface Typed {
  readonly type: IDL.Type
  readonly value: unknown
}

const bytes = fc.uint8Array({ maxLength: 24 })
const principal = fc.uint8Array({ maxLength: 29 }).map((content) => Principal.fromUint8Array(content))
const name = fc.oneof(
  fc.constantFrom('a', 'id', 'record', 'opt', 'Heartbeat', 'with space', 'ü', '_7x', 'quote"d'),
  fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/).filter((text) => !/^_(?:0x[0-9a-f]+|\d+)_$/.test(text)),
)

const of = (type: IDL.Type, values: fc.Arbitrary<unknown>): fc.Arbitrary<Typed> => values.map((value) => ({ type, value }))
const fixed = (bits: number): bigint => 1n << BigInt(bits)

const leaf: fc.Arbitrary<Typed> = fc.oneof(
  of(IDL.Null, fc.constant(null)),
  of(IDL.Bool, fc.boolean()),
  of(IDL.Nat, fc.bigInt({ min: 0n, max: fixed(130) })),
  of(IDL.Int, fc.bigInt({ min: -fixed(130), max: fixed(130) })),
  of(IDL.Nat8, fc.integer({ min: 0, max: 255 })),
  of(IDL.Nat32, fc.integer({ min: 0, max: 2 ** 32 - 1 })),
  of(IDL.Nat64, fc.bigInt({ min: 0n, max: fixed(64) - 1n })),
  of(IDL.Int16, fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 })),
  of(IDL.Int64, fc.bigInt({ min: -fixed(63), max: fixed(63) - 1n })),
  of(IDL.Float64, fc.double({ noNaN: true, noDefaultInfinity: true })),
  of(IDL.Float32, fc.float({ noNaN: true, noDefaultInfinity: true })),
  of(IDL.Text, fc.string({ unit: 'grapheme' })),
  of(IDL.Principal, principal),
  of(IDL.Vec(IDL.Nat8), bytes),
  of(IDL.Func([IDL.Nat], [], ['query']), fc.tuple(principal, name)),
)

/** Any type of the interface language with a value of it, a few levels deep. */
export const typed: fc.Arbitrary<Typed> = fc.letrec<{ typed: Typed }>((tie) => ({
  typed: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, compound(tie('typed'))),
})).typed

function compound(inner: fc.Arbitrary<Typed>): fc.Arbitrary<Typed> {
  return fc.oneof(
    fc.tuple(inner, fc.boolean()).map(([{ type, value }, there]) => ({ type: IDL.Opt(type), value: there ? [value] : [] })),
    fc
      .tuple(
        inner.filter(({ type }) => !isSmallInteger(type)),
        fc.nat(13),
      )
      .map(([{ type, value }, length]) => ({
        type: IDL.Vec(type),
        value: Array.from({ length }, () => value),
      })),
    fc.array(inner, { minLength: 1, maxLength: 3 }).map((parts) => ({
      type: IDL.Tuple(...parts.map((part) => part.type)),
      value: parts.map((part) => part.value),
    })),
    fc.dictionary(name, inner, { maxKeys: 4 }).map((parts) => ({
      type: IDL.Record(Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, part.type]))),
      value: Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, part.value])),
    })),
    fc.tuple(fc.dictionary(name, inner, { minKeys: 1, maxKeys: 3 }), fc.nat()).map(([parts, pick]) => {
      const cases = Object.entries(parts)
      const [key, part] = cases[pick % cases.length] as [string, Typed]
      return {
        type: IDL.Variant(Object.fromEntries(cases.map(([each, { type }]) => [each, type]))),
        value: { [key]: part.value },
      }
    }),
  )
}

/** The IDL holds lists of small integers in typed arrays; these are covered by the blob above. */
function isSmallInteger(type: IDL.Type): boolean {
  return type instanceof IDL.FixedNatClass || type instanceof IDL.FixedIntClass
}
