import { expect, test } from 'vitest'
import { outcome, start } from './support/host.ts'
import { assemble } from './support/wat.ts'

const store = '(i32.store (local.get $a) (i32.const 1))'
const storeB = '(i32.store (local.get $b) (i32.const 1))'
const far = '(local.set $a (i32.add (local.get $a) (i32.const 65536)))'
const again = '(br_if $again (i32.lt_u (local.get $a) (i32.const 196608)))'

/** Bodies over an address `$a`, 0 at first, and the argument 0: how many 4 KiB pages they write. */
const bodies: readonly (readonly [name: string, body: string, written: number])[] = [
  ['twice to one address', `${store} ${store}`, 1],
  ['to an address that has changed', `${store} ${far} ${store}`, 2],
  ['before a loop and in it', `${store} (loop $again ${store} ${far} ${again})`, 3],
  ['in a loop and behind it', `(loop $again ${store} ${far} ${again}) ${store}`, 4],
  ['behind a branch that is not taken', `(if (local.get $n) (then ${store})) ${store}`, 1],
  ['in the other branch', `(if (local.get $n) (then ${store}) (else ${store}))`, 1],
  ['behind a block that was left', `(block $out (br_if $out (i32.eqz (local.get $n))) ${store}) ${store}`, 1],
  ['with the address that the local had', `${store} (local.get $a) ${far} (i32.const 1) (i32.store) ${store}`, 2],
  ['with an address that came out of a block', `${store} (i32.store (block (result i32) (i32.const 65536)) (i32.const 1))`, 2],
  ['with an address that a call gave', `${store} (i32.store (call $next (local.get $a)) (i32.const 1))`, 2],
  [
    'of a byte in reach and one beyond',
    '(i32.store offset=4092 (local.get $a) (i32.const 1)) (i64.store offset=4092 (local.get $a) (i64.const 1))',
    2,
  ],
  ['to a copy of the address', `${store} (local.set $b (local.get $a)) ${storeB}`, 1],
  ['to a copy that was made into another', `(local.set $b (local.get $a)) ${store} (local.set $b (i32.const 65536)) ${storeB}`, 2],
  ['to what was a copy before it changed', `(local.set $b (local.get $a)) ${far} ${store} ${storeB}`, 2],
  [
    'to a copy that one branch made',
    `${store} (local.set $b (i32.const 65536)) (if (local.get $n) (then (local.set $b (local.get $a)))) ${storeB}`,
    2,
  ],
  [
    'to a copy that a block may have left before',
    `${store} (local.set $b (i32.const 65536)) (block $out (br_if $out (i32.eqz (local.get $n))) (local.set $b (local.get $a))) ${storeB}`,
    2,
  ],
  [
    'to a copy that changes on the way back to the start of a loop',
    `(local.set $b (local.get $a)) (loop $again ${storeB} ${store} ${storeB} ${far} ${again})`,
    3,
  ],
  [
    'to what moves on while its copy stays',
    `(local.set $b (local.get $a)) (loop $again ${storeB} ${store} ${far} (local.set $c (local.get $b)) ${again}) (i32.store (local.get $c) (i32.const 1))`,
    3,
  ],
  ['read before', `(drop (i32.load (local.get $a))) ${store}`, 1],
]

const module = (body: string) =>
  assemble(`(module (memory (export "memory") 4)
    (func $next (param $a i32) (result i32) (i32.add (local.get $a) (i32.const 65536)))
    (func (export "run") (param $n i32) (local $a i32) (local $b i32) (local $c i32) ${body}))`)

test.each(bodies)('a store is undone: %s', (_name, body, written) => {
  for (const pageCharges of ['dirty-4k-after', { kind: 'touch-64k', read: 80_000, write: 80_000, chargeWrites: true }] as const) {
    const guest = start(module(body), { pageCharges })
    expect(guest.message(() => guest.exports['run']?.())).toBeUndefined()
    expect(guest.controls.dirty_pages()).toBe(written)
    guest.controls.rollback()
    expect(new Uint8Array(guest.memory?.buffer ?? new ArrayBuffer(0)).every((byte) => byte === 0)).toBe(true)
  }
})

const sum = (between: string) => `(i32.store (local.get $a) (i32.add (i32.load (local.get $a)) ${between}))`

test.each([
  ['a load and a store to the same bytes are charged as both', sum('(i32.const 1)'), 160_000],
  ['a trap between them leaves the store uncharged', sum('(i32.div_u (i32.const 1) (local.get $n))'), 80_000],
  ['so does a trapping load between them', sum('(i32.load (i32.const -4))'), 80_000],
  [
    'a wider load does not make its neighbour written',
    '(i32.store offset=65532 (local.get $a) (i32.wrap_i64 (i64.load offset=65532 (local.get $a))))',
    240_000,
  ],
])('%s', (_name, body, charge) => {
  const guest = start(module(body))
  outcome(() => guest.message(() => guest.exports['run']?.()))
  expect(Math.floor(guest.used() / 80_000) * 80_000).toBe(charge)
})
