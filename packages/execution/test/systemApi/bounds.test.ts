/** Addresses, offsets and lengths that are outside of the heap, of a blob or of stable memory. */
import { describe, expect, test } from 'vitest'
import {
  type Program,
  type WasmMode,
  assemble,
  network,
  expectReject,
  expectReply,
  program,
  universalCanister,
} from '../../../../tests/support/index.ts'
import type { EntryKind } from '../../src/index.ts'
import { Bench, certificate } from './bench.ts'

const heap = 2 * 65_536
const far = 2 ** 31
const contract = 'Canister violated contract: '

/** Functions that hand out a blob: what the text calls it, a context that has it, and its length there. */
const copies: readonly [name: string, part: string, kind: EntryKind, length: number][] = [
  ['msg_arg_data', 'payload', 'update', 0],
  ['msg_caller', 'id', 'update', 29],
  ['msg_caller_info_data', 'info', 'update', 0],
  ['msg_caller_info_signer', 'id', 'update', 0],
  ['msg_reject_msg', 'msg', 'reject_callback', 'rejected'.length],
  ['msg_method_name', 'payload', 'inspect_message', 'method'.length],
  ['canister_self', 'id', 'update', 10],
  ['subnet_self', 'id', 'update', 29],
  ['root_key', 'bytes', 'update', 133],
]

/** Functions that take bytes from the heap: operands before and after the address and the length. */
const sources: readonly [name: string, label: string, before: Program, after: number[]][] = [
  ['msg_reply_data_append', 'msg.reply', program(), []],
  ['msg_reject', 'ic0.msg_reject', program(), []],
  ['call_new', 'ic0.call_new callee_src', program(), [0, 0, 0, 0, 0, 0]],
  ['call_data_append', 'ic0.call_data_append', program().sys('call_new', 0, 0, 0, 0, 0, 0, 0, 0), []],
  ['is_controller', 'ic0.is_controller', program(), []],
  ['env_var_name_exists', 'ic0.env_var_name_exists heap', program(), []],
  ['env_var_value_size', 'ic0.env_var_value_size heap', program(), []],
  ['cost_sign_with_ecdsa', 'ic0.cost_sign_with_ecdsa heap', program(), [0, 0]],
  ['cost_sign_with_schnorr', 'ic0.cost_sign_with_schnorr heap', program(), [0, 0]],
  ['cost_vetkd_derive_key', 'ic0.cost_vetkd_derive_key heap', program(), [0, 0]],
]

/** Functions that write 16 bytes: operands before the address. */
const amounts: readonly [name: string, before: number[], kind: EntryKind][] = [
  ['msg_cycles_available128', [], 'update'],
  ['msg_cycles_refunded128', [], 'reply_callback'],
  ['msg_cycles_accept128', [0, 0], 'update'],
  ['cycles_burn128', [0, 0], 'update'],
  ['canister_cycle_balance128', [], 'update'],
  ['canister_liquid_cycle_balance128', [], 'update'],
  ['cost_call', [0, 0], 'update'],
  ['cost_create_canister', [], 'update'],
  ['cost_http_request', [0, 0], 'update'],
]

describe.each(['wasm32', 'wasm64'] satisfies WasmMode[])('%s', (mode) => {
  const bench = new Bench(mode)
  const errorOf = (body: Program, kind: EntryKind = 'update') => {
    bench.load(body)
    return bench.run(kind).error
  }
  const violation = (text: string) => ({ errorCode: 'CanisterContractViolation', message: contract + text })

  describe.each(copies)('ic0.%s_copy', (name, part, kind, length) => {
    const copy = (...operands: (number | bigint)[]) => errorOf(program().sys(`${name}_copy`, ...operands), kind)

    test('all of it, and the empty end of it', () => {
      expect(copy(0, 0, length)).toBeUndefined()
      expect(copy(heap - length, 0, length)).toBeUndefined()
      expect(copy(0, length, 0)).toBeUndefined()
      expect(copy(heap, 0, 0)).toBeUndefined()
    })

    test.each([
      [0, length + 1],
      [length, 1],
      [1, length],
      [far, 0],
    ])('offset %i and length %i are outside of the blob', (offset, size) => {
      expect(copy(0, offset, size)).toMatchObject(
        violation(`ic0.${name}_copy ${part}: src=${offset} + length=${size} exceeds the slice size=${length}`),
      )
    })

    test('an address outside of the heap', () => {
      expect(copy(heap - length + 1, 0, length)).toMatchObject(
        violation(`ic0.${name}_copy heap: src=${heap - length + 1} + length=${length} exceeds the slice size=${heap}`),
      )
      expect(copy(heap + 1, 0, 0)).toMatchObject(
        violation(`ic0.${name}_copy heap: src=${heap + 1} + length=0 exceeds the slice size=${heap}`),
      )
    })
  })

  test.each(sources)('ic0.%s reads only the heap', (name, label, before, after) => {
    const from = (source: number, size: number) =>
      errorOf(
        program()
          .then(before)
          .sys(name, source, size, ...after),
      )
    const size = 1
    expect(from(heap, size)).toMatchObject(violation(`${label}: src=${heap} + length=${size} exceeds the slice size=${heap}`))
    expect(from(heap + 1, 0)).toMatchObject(violation(`${label}: src=${heap + 1} + length=0 exceeds the slice size=${heap}`))
    expect(from(far, size)).toMatchObject(violation(`${label}: src=${far} + length=${size} exceeds the slice size=${heap}`))
    expect(from(heap, 0)).toBeUndefined()
    expect(from(heap - size, size)?.message ?? '').not.toContain('exceeds the slice size')
  })

  test('ic0.certified_data_set reads only the heap', () => {
    const from = (source: number, size: number) => errorOf(program().sys('certified_data_set', source, size))
    const outside = (source: number, size: number) =>
      violation(
        `ic0_certified_data_set failed because src + size is out of bounds. Found src = ${source} and size = ${size} while src + size must be <= ${heap}`,
      )
    expect(from(heap, 1)).toMatchObject(outside(heap, 1))
    expect(from(heap + 1, 0)).toMatchObject(outside(heap + 1, 0))
    expect(from(heap, 0)).toBeUndefined()
    expect(from(heap - 32, 32)).toBeUndefined()
  })

  test('ic0.data_certificate_copy tells what is outside of what', () => {
    const copy = (...operands: number[]) => errorOf(program().sys('data_certificate_copy', ...operands), 'query')
    const { length } = certificate
    expect(copy(0, 0, length)).toBeUndefined()
    expect(copy(heap - length, 0, length)).toBeUndefined()
    const failed = 'ic0_data_certificate_copy failed because'
    expect(copy(0, 1, length)).toMatchObject(
      violation(`${failed} offset + size is out of bounds. Found offset = 1 and size = ${length} while offset + size must be <= ${length}`),
    )
    expect(copy(heap, 0, 1)).toMatchObject(
      violation(`${failed} dst + size is out of bounds. Found dst = ${heap} and size = 1 while dst + size must be <= ${heap}`),
    )
  })

  test('a range that is outside of the heap and of the blob is told as outside of the heap', () => {
    expect(errorOf(program().sys('canister_self_copy', heap, 11, 1))).toMatchObject(
      violation(`ic0.canister_self_copy heap: src=${heap} + length=1 exceeds the slice size=${heap}`),
    )
  })

  test.each(amounts)('ic0.%s writes only into the heap', (name, before, kind) => {
    expect(errorOf(program().sys(name, ...before, heap - 16), kind)).toBeUndefined()
    expect(errorOf(program().sys(name, ...before, heap - 15), kind)).toMatchObject(
      violation(`ic0_${name} failed because dst + size is out of bounds.Found dst = ${heap - 15} and size = 16 while must be <= ${heap}`),
    )
  })

  describe('stable memory', () => {
    const grown = () => program().sys('stable64_grow', 1).op('drop')
    const trapped = (text: string) => ({ errorCode: 'CanisterTrapped', message: `Canister trapped: ${text}` })
    const names: readonly [read: string, write: string][] =
      mode === 'wasm32'
        ? [
            ['stable64_read', 'stable64_write'],
            ['stable_read', 'stable_write'],
          ]
        : [['stable64_read', 'stable64_write']]

    test.each(names)('ic0.%s and ic0.%s', (read, write) => {
      for (const [offset, size] of [
        [65_536, 1],
        [65_535, 2],
        [far, 1],
      ] as const) {
        expect(errorOf(grown().sys(read, 0, offset, size))).toMatchObject(trapped('stable memory out of bounds'))
        expect(errorOf(grown().sys(write, offset, 0, size))).toMatchObject(trapped('stable memory out of bounds'))
      }
      expect(errorOf(grown().sys(read, heap, 0, 1))).toMatchObject(trapped('heap out of bounds'))
      expect(errorOf(grown().sys(write, 0, heap, 1))).toMatchObject(trapped('heap out of bounds'))
      expect(errorOf(grown().sys(read, 0, 0, 65_536))).toBeUndefined()
      expect(errorOf(grown().sys(write, 0, 0, 65_536))).toBeUndefined()
      // A length of 0 is never checked.
      expect(errorOf(grown().sys(read, far, far, 0))).toBeUndefined()
      expect(errorOf(grown().sys(write, far, far, 0))).toBeUndefined()
    })

    test('sums that overflow 64 bits are out of bounds', () => {
      for (const at of [2n ** 64n - 1n, 2n ** 63n]) {
        expect(errorOf(grown().sys('stable64_read', 0, at, 2))).toMatchObject(trapped('stable memory out of bounds'))
        expect(errorOf(grown().sys('stable64_write', at, 0, 2))).toMatchObject(trapped('stable memory out of bounds'))
      }
    })

    test('what a message may touch is looked at before the heap', () => {
      const pages = 20_000
      const body = (call: string) =>
        program()
          .sys('stable64_grow', pages)
          .op('drop')
          .sys(call, 0, 0, 2 ** 30 + 1)
      for (const call of ['stable64_read', 'stable64_write']) {
        bench.load(body(call))
        const { error } = bench.run('query', { instructionLimit: 5_000_000_000 })
        expect(error).toMatchObject({ errorCode: 'CanisterMemoryAccessLimitExceeded' })
      }
    })

    test('grows to 500 GiB and not a page further', () => {
      const pages = 500 * 16_384
      const result = (body: Program) => {
        bench.load(body.op('int_to_blob').op('append_state').op('get_state').replyTop())
        const { answer } = bench.run('query')
        return answer?.kind === 'reply' ? new DataView(answer.data.slice().buffer).getBigInt64(0, true) : undefined
      }
      expect(result(program().sys('stable64_grow', pages))).toBe(0n)
      expect(result(program().sys('stable64_grow', pages + 1))).toBe(-1n)
      expect(result(program().sys('stable64_grow', 2n ** 64n - 1n))).toBe(-1n)
      expect(result(program().sys('stable64_grow', pages).op('drop').sys('stable64_grow', 1))).toBe(-1n)
      expect(result(program().sys('stable64_grow', 5).op('drop').sys('stable64_size'))).toBe(5n)
    })
  })

  describe('environment variables', () => {
    test.each([
      ['env_var_name_size', [1], 'Environment variable index 1 is out of bounds. The number of environment variables is 1.'],
      ['env_var_name_copy', [7, 0, 0, 0], 'Environment variable index 7 is out of bounds. The number of environment variables is 1.'],
    ] as const)('ic0.%s of an index that is not there', (name, operands, text) => {
      expect(errorOf(program().sys(name, ...operands))).toMatchObject({ errorCode: 'CanisterContractViolation', message: text })
    })

    test('a name that is not there, one that is too long, one that is not text', () => {
      expect(errorOf(program().sys('env_var_value_size', 'none'))).toMatchObject({
        errorCode: 'CanisterContractViolation',
        message: 'Environment variable none not found.',
      })
      const exists = (name: Uint8Array) => errorOf(program().sys('env_var_name_exists', name))
      expect(exists(new Uint8Array(129))).toMatchObject(violation('ic0.env_var_name_exists: Variable name is too large.'))
      expect(exists(new Uint8Array(128))).toBeUndefined()
      expect(exists(Uint8Array.of(0xff))).toMatchObject(violation('ic0.env_var_name_exists: Variable name is not a valid UTF-8 string.'))
    })
  })

  test.each([
    ['is_controller', program().sys('is_controller', new Uint8Array(30))],
    ['call_new', program().blob(new Uint8Array(30)).blob('m').int(0).int(0).int(0).int(0).sys('call_new')],
  ])('ic0.%s with more bytes than a principal has', (_, body) => {
    expect(errorOf(body)).toMatchObject({ errorCode: 'CanisterContractViolation', message: 'Canister provided invalid principal id' })
  })

  test.each([
    [
      'certified data of 33 bytes',
      program().sys('certified_data_set', new Uint8Array(33)),
      'ic0_certified_data_set failed because the passed data must be no larger than 32 bytes. Found 33 bytes.',
    ],
    [
      'a method name of 20,001 bytes',
      program().int(0).int(0).int(0).int(20_001).int(0).int(0).int(0).int(0).sys('call_new'),
      'Size of method_name 20001 exceeds the allowed limit of 20000.',
    ],
    ['a counter that does not exist', program().sys('performance_counter', 2), 'Error getting performance counter type 2'],
  ])('%s', (_, body, text) => {
    expect(errorOf(body)).toMatchObject(violation(text))
  })

  test('a text that is not UTF-8 is no reject', () => {
    expect(errorOf(program().sys('msg_reject', Uint8Array.of(0xc3, 0x28)))).toMatchObject(
      violation('ic0.msg_reject: invalid UTF-8 string provided'),
    )
  })

  test('what is no UTF-8 in the name of a method is replaced, and counts as the replacement', () => {
    const name = Uint8Array.of(0x61, 0xff)
    bench.load(program().blob('').blob(name).int(0).int(0).int(0).int(0).sys('call_new').sys('call_perform').op('drop'))
    expect(bench.run('update').calls).toMatchObject([{ methodName: 'a\ufffd' }])
  })

  test('ic0.trap and ic0.debug_print never fail on bounds', () => {
    expect(errorOf(program().sys('trap', far, 1))?.message).toBe(
      "Canister called `ic0.trap` with message: '(trap message out of memory bounds)'",
    )
    expect(errorOf(program().sys('trap', Uint8Array.of(0x61, 0xff)))?.message).toBe("Canister called `ic0.trap` with message: 'a\ufffd'")
    const long = errorOf(program().sys('trap', 0, 2 ** 16))?.message ?? ''
    expect(long).toHaveLength("Canister called `ic0.trap` with message: ''".length + 32_768)
    expect(errorOf(program().sys('debug_print', far, 1))).toBeUndefined()
  })
})

describe('a module without memory', () => {
  test.each([
    ['msg_caller_copy', '(param i32 i32 i32)', 3],
    ['debug_print', '(param i32 i32)', 2],
    ['msg_reply_data_append', '(param i32 i32)', 2],
  ])('cannot use ic0.%s', (name, params, count) => {
    const net = network()
    const wat = `(module (import "ic0" "${name}" (func $f ${params})) (func (export "canister_update run") (call $f ${'(i32.const 0)'.repeat(count)})))`
    const id = net.install(assemble(wat))
    expect(expectReject(net.call(id, 'run', ''))).toContain('WebAssembly module must define memory')
  })
})

test('stable memory larger than 4 GiB is closed to the 32-bit functions', () => {
  const net = network()
  const id = net.install(universalCanister(), '', { cycles: 10n ** 18n })
  expectReply(net.update(id, program().sys('stable_grow', 65_536).op('drop').reply()))
  expectReply(net.update(id, program().sys('stable_size').op('drop').sys('stable_read', 0, 0, 1).reply()))
  expectReply(net.update(id, program().sys('stable64_grow', 1).op('drop').reply()))
  const closed = 'Canister trapped: 32 bit stable memory api used on a memory larger than 4GB'
  for (const body of [
    program().sys('stable_size'),
    program().sys('stable_grow', 0),
    program().sys('stable_read', 0, 0, 1),
    program().sys('stable_write', 0, 0, 1),
  ]) {
    expect(expectReject(net.update(id, body))).toContain(closed)
  }
})
