import { execFileSync } from 'node:child_process'
import { expect, test, beforeAll } from 'vitest'
import { plenty, start } from './support/host.ts'

/** The compiler keeps global state and prints itself when it throws: it runs in a process of its own. */
const compile = `
const mo = require('motoko')
mo.loadPackage(require('motoko/packages/latest/core.json'))
if (process.argv[2] === 'classicOP') mo.compiler.gcFlags('classicOP')
mo.write('main.mo', process.argv[1])
try { process.stdout.write(mo.wasm('main.mo', 'ic').wasm) } catch (error) { process.stderr.write(String(error).slice(0, 2000)); process.exit(1) }
`

const source = `
import Map "mo:core/Map";
import Nat "mo:core/Nat";
persistent actor {
  let entries = Map.empty<Nat, Text>();
  public func fill(n : Nat) : async Nat {
    for (i in Nat.range(0, n)) { Map.add(entries, Nat.compare, i, Nat.toText(i * i)) };
    Map.size(entries)
  };
  public func fail(n : Nat) : async () {
    for (i in Nat.range(0, n)) { Map.add(entries, Nat.compare, 1_000 + i, "lost") };
    assert false
  };
}`

let modules: { width: string; bytes: Uint8Array }[]

beforeAll(() => {
  modules = [
    ['i64', 'enhancedOP'],
    ['i32', 'classicOP'],
  ].map(([width = '', flags = '']) => ({
    width,
    bytes: new Uint8Array(execFileSync(process.execPath, ['-e', compile, source, flags], { maxBuffer: 2 ** 26, cwd: import.meta.dirname })),
  }))
})

/** Candid text-free: `(n)` as a nat below 128. */
function nat(n: number): Uint8Array {
  return Uint8Array.of(0x44, 0x49, 0x44, 0x4c, 0, 1, 0x7d, n)
}

test.each([
  ['2025', 'dirty-4k-after'],
  ['2026', { kind: 'touch-64k', read: 80_000, write: 80_000, chargeWrites: true }],
] as const)('a Motoko actor runs, answers, traps and rolls back, in both widths, page charges of %s', (_name, pageCharges) => {
  for (const { width, bytes } of modules) {
    let argument: Uint8Array = nat(0)
    let reply: number[] = []
    const heap = (): Uint8Array => new Uint8Array(guest.memory?.buffer ?? new ArrayBuffer(0))
    const copy = (blob: () => Uint8Array) => (target: number, offset: number, size: number) => {
      guest.controls.touch_write(target, size)
      heap().set(blob().subarray(offset, offset + size), target)
    }
    const self = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 1, 1)
    const known: Record<string, (...args: never[]) => unknown> = {
      msg_arg_data_size: () => argument.length,
      msg_arg_data_copy: copy(() => argument),
      msg_caller_size: () => 1,
      msg_caller_copy: copy(() => Uint8Array.of(4)),
      canister_self_size: () => self.length,
      canister_self_copy: copy(() => self),
      canister_status: () => 1,
      canister_cycle_balance128: (target: number) => copy(() => new Uint8Array(16))(target, 0, 16),
      msg_reply_data_append: (at: number, size: number) => reply.push(...heap().subarray(at, at + size)),
      msg_reply: () => {},
      trap: (at: number, size: number) => {
        throw new Error(new TextDecoder().decode(heap().slice(at, at + size)))
      },
      time: () => 0,
      stable64_size: () => 0,
      performance_counter: () => plenty - guest.controls.counter(),
    }
    const names = WebAssembly.Module.imports(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>)).map(({ name }) => name)
    const ic0 = Object.fromEntries(names.map((name) => [name, known[name] ?? (() => expect.unreachable(name))]))
    const imports = Object.fromEntries(
      names.map((name) => [
        `ic0.${name}`,
        { fixedCost: 500, hostParams: Array.from({ length: 8 }, () => 'f64' as const), hostResult: 'f64' as const },
      ]),
    )
    const guest = start(bytes, { pageCharges, imports }, { ic0 })
    expect(guest.facts.memory?.address).toBe(width)
    const call = (name: string, n = 0): string | undefined => {
      argument = nat(n)
      reply = []
      return guest.message(() => (name === '' ? guest.controls.start?.() : guest.exports[name]?.()))
    }
    if (guest.facts.hasStart) expect(call('')).toBeUndefined()
    guest.controls.commit()
    argument = Uint8Array.of(0x44, 0x49, 0x44, 0x4c, 0, 0)
    expect(guest.message(() => guest.exports['canister_init']?.())).toBeUndefined()
    guest.controls.commit()
    expect(call('canister_update fill', 60)).toBeUndefined()
    expect(reply.at(-1)).toBe(60)
    guest.controls.commit()
    const before = heap().slice()
    expect(call('canister_update fail', 100)).toMatch(/assertion failed/)
    expect(guest.controls.dirty_pages()).toBeGreaterThan(0)
    guest.controls.rollback()
    expect(Buffer.compare(heap(), before)).toBe(0)
    expect(call('canister_update fill', 70)).toBeUndefined()
    expect(reply.at(-1)).toBe(70)
    guest.controls.commit()
  }
})
