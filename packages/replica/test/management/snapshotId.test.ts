/** Bytes that can be the id of a snapshot, and how errors print them. */
import { Principal } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import { checkSnapshotIds, printSnapshotId } from '../../src/management/snapshots/snapshotId.ts'

const bytes = (length: number) => new Uint8Array(length)
const refusal = (length: number, bound: string) =>
  `Error decoding candid: Deserialize error: Invalid length of SnapshotId: Invalid snapshot ID length: provided ${length}, ${bound} length expected 37.`

describe('the ids in an argument', () => {
  test.each<[title: string, argument: unknown]>([
    ['of eight bytes', { snapshot_id: bytes(8) }],
    ['of 37 bytes', { snapshot_id: bytes(37) }],
    ['none to replace', { replace_snapshot: [] }],
    ['one to replace', { replace_snapshot: [bytes(18)] }],
    ['no argument', undefined],
  ])('%s', (_, argument) => {
    expect(() => checkSnapshotIds(argument)).not.toThrow()
  })

  test.each<[title: string, argument: unknown, text: string]>([
    ['of no bytes', { snapshot_id: bytes(0) }, refusal(0, 'minumum')],
    ['of seven bytes', { snapshot_id: bytes(7) }, refusal(7, 'minumum')],
    ['of 38 bytes', { snapshot_id: bytes(38) }, refusal(38, 'maximum')],
    ['of four bytes, to replace', { replace_snapshot: [bytes(4)] }, refusal(4, 'minumum')],
  ])('%s: refused', (_, argument, text) => {
    expect(() => checkSnapshotIds(argument)).toThrow(text)
  })
})

test('an id is printed as canister and number, wherever its bytes lie', () => {
  const canister = Principal.canister(5n)
  const around = Uint8Array.of(7, 7, 7, 0, 0, 0, 0, 0, 0, 1, 2, ...canister.bytes)
  expect(printSnapshotId(around.subarray(3))).toBe(`${canister.toText()}-258`)
})
