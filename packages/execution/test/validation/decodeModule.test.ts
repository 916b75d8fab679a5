/** From uploaded bytes to a raw module: raw, gzip, and everything that only looks like them. */
import { RejectError } from '@tidemark/types'
import { gzipSync } from 'fflate'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assemble } from '../../../../tests/support/universal/assemble.ts'
import { decodeModule } from '../../src/validation/index.ts'

const module = assemble('(module (memory 1) (data (i32.const 0) "some data that compresses compresses compresses"))')
const compressed = gzipSync(module, { mtime: 0 })
const prefix = "Canister's Wasm module is not valid: "
const undecodable = `${prefix}Failed to decode wasm module: `

function refusal(bytes: Uint8Array): string | undefined {
  try {
    decodeModule(bytes)
    return undefined
  } catch (error) {
    if (!(error instanceof RejectError)) throw error
    expect(error.reject.errorCode).toBe('CanisterInvalidWasm')
    return error.message
  }
}

function changed(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice()
  copy[at < 0 ? copy.length + at : at] = value
  return copy
}

/** A header with every optional field: extra bytes, a name, a comment, a checksum of the header. */
function withFullHeader(): Uint8Array {
  const fields = [2, 0, 9, 9, ...new TextEncoder().encode('name\0comment\0'), 1, 2]
  const header = changed(compressed, 3, 4 | 8 | 16 | 2).subarray(0, 10)
  return Uint8Array.from([...header, ...fields, ...compressed.subarray(10)])
}

test.each([
  ['raw', module],
  ['gzip', compressed],
  ['gzip with every field of the header', withFullHeader()],
  ['gzip without compression', gzipSync(module, { level: 0 })],
])('%s', (_name, bytes) => {
  expect(decodeModule(bytes)).toEqual(module)
})

test.each([
  ['nothing', Uint8Array.of(), 'unsupported canister module format'],
  ['other bytes', Uint8Array.of(1, 2, 3), 'unsupported canister module format'],
  ['the beginning of a module', Uint8Array.of(0, 0x61, 0x73), 'unsupported canister module format'],
  ['the beginning of gzip', Uint8Array.of(0x1f, 0x8b), 'unsupported canister module format'],
  ['gzip of another method', Uint8Array.of(0x1f, 0x8b, 0x07, ...new Uint8Array(20)), 'unsupported canister module format'],
  ['gzip that is too short', Uint8Array.of(0x1f, 0x8b, 0x08), 'invalid Wasm module: gzip stream is too short'],
  ['a wrong checksum', changed(compressed, -6, (compressed.at(-6) ?? 0) ^ 1), /^failed to decode compressed Wasm module: CRC32 mismatched/],
  ['a size that is too small', changed(compressed, -4, module.length - 1), mismatch(module.length - 1, module.length)],
  ['a size that is too large', changed(compressed, -4, module.length + 1), mismatch(module.length + 1, module.length)],
  ['bytes behind the end', Uint8Array.from([...compressed, 0, 0, 0, 0]), mismatch(0, 1)],
  ['a second member', Uint8Array.from([...compressed, ...gzipSync(new Uint8Array(3))]), mismatch(3, 4)],
  ['an unfinished header', Uint8Array.of(0x1f, 0x8b, 0x08, 8, ...new Uint8Array(16).fill(7)), /./],
])('%s is refused', (_name, bytes, text) => {
  const refused = refusal(bytes)
  expect(refused?.startsWith(prefix)).toBe(true)
  if (typeof text === 'string') expect(refused).toBe(undecodable + text)
  else expect(refused?.replace(undecodable, '')).toMatch(text)
})

function mismatch(said: number, found: number): string {
  return `specified uncompressed size ${said} does not match extracted size ${found}`
}

test('a cut of gzip is refused, wherever it is cut', () => {
  for (let length = 0; length < compressed.length; length++) expect(refusal(compressed.subarray(0, length))).toBeDefined()
})

test('a changed byte of gzip gives the module or a refusal, nothing else', () => {
  fc.assert(
    fc.property(fc.nat(compressed.length - 1), fc.nat(255), (at, value) => {
      const bytes = changed(compressed, at, value)
      if (refusal(bytes) === undefined) expect(decodeModule(bytes)).toEqual(module)
    }),
    { numRuns: 2_000, seed: 11 },
  )
})

test('a module of more than 100 MiB is refused by what the trailer says, before anything is inflated', () => {
  const bytes = changed(changed(compressed, -1, 7), -2, 0)
  expect(refusal(bytes)).toMatch(
    /^Canister's Wasm module is not valid: Wasm module size of \d+ exceeds the maximum allowed size of 104857600\.$/,
  )
})

test('a small file that inflates to much more than it says is given up at the first byte too many', () => {
  // 16 MiB of zeros that claim to be one byte.
  const bomb = gzipSync(new Uint8Array(2 ** 24)).slice()
  bomb.set([1, 0, 0, 0], bomb.length - 4)
  expect(bomb.length).toBeLessThan(100_000)
  expect(refusal(bomb)).toBe(undecodable + mismatch(1, 2))
})
