/** Canisters that print, trap or reject more than anybody wants to keep. */
import { describe, expect, test } from 'vitest'
import { expectReject, expectReply, network, program, universalCanister } from '../../../../tests/support/index.ts'

const wasm = universalCanister()

describe('the log of one message', () => {
  test('keeps the newest records that fit, and counts all', () => {
    const net = network()
    const id = net.install(wasm)
    const [print, last] = [program().sys('debug_print', 'x'.repeat(60)), program().sys('debug_print', 'last')]
    expectReply(net.update(id, program().repeat(20_000, print).then(last).reply()))
    const records = [...net.canister(id).log.records]
    expect(records).toHaveLength(41)
    expect(records.at(-1)?.idx).toBe(20_000n)
    expect(net.log(id).at(-1)).toBe('last')
  })

  test('does not copy what it cannot hold', () => {
    const net = network()
    const id = net.install(wasm)
    const print = program().int(65_536).int(60_000_000).sys('debug_print')
    expectReply(net.update(id, program().growHeap(1000).repeat(2000, print).reply()))
    expect(net.log(id).at(-1)).toHaveLength(4096 - 40)
  })
})

describe('the text of a reject', () => {
  const long = (unit: string, bytes: number) => unit.repeat(Math.ceil(bytes / Buffer.byteLength(unit))).slice(0, bytes)

  test.each([
    ['ic0.msg_reject', (text: string) => program().reject(text)],
    ['ic0.trap', (text: string) => program().trap(text)],
  ])('of %s is cut in the middle at 8 KiB', (_, body) => {
    const net = network()
    const id = net.install(wasm)
    const outcomes = [net.update(id, body(`begin ${long('abc', 20_000)} end`)), net.query(id, body(`begin ${long('abc', 20_000)} end`))]
    for (const outcome of outcomes) {
      const text = expectReject(outcome)
      expect(Buffer.byteLength(text)).toBeLessThan(8192 + 400)
      expect(text).toContain('begin abcabc')
      expect(/[abc]\.\.\.[abc]/.test(text)).toBe(true)
      expect(text).toContain(' end')
    }
  })

  test('is left alone up to 8 KiB, and no character is broken beyond', () => {
    const net = network()
    const id = net.install(wasm)
    const fits = 'é'.repeat(4096)
    expect(expectReject(net.update(id, program().reject(fits)))).toBe(`IC0406 ${fits}`)
    const text = expectReject(net.update(id, program().reject('é'.repeat(5000))))
    expect(text).toMatch(/^IC0406 é+\.\.\.é+$/)
    expect(Buffer.byteLength(text) - 'IC0406 '.length).toBeLessThanOrEqual(8192)
  })

  test('reaches a calling canister in the same length', () => {
    const net = network()
    const [caller, id] = [net.install(wasm), net.install(wasm)]
    const body = program().callUpdate(id, program().reject('x'.repeat(30_000)), {
      onReject: program().sys('msg_reject_msg_size').replyInt(),
    })
    expect(expectReply(net.update(caller, body)).bytes.slice(0, 2)).toEqual(Uint8Array.of(0, 32))
  })
})
