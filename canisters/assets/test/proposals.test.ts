import { createHash } from 'node:crypto'
import type { assetsTypes } from '@tidemark/bindings'
import { beforeEach, describe, expect, test } from 'vitest'
import { createSite, developer, get, optional, type Site, stranger } from './support/site.ts'

let site: Site
beforeEach(() => {
  site = createSite()
})

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const hex = (value: Uint8Array | number[]): string => Buffer.from(Uint8Array.from(value)).toString('hex')
const sha256 = (...parts: readonly (string | number | readonly number[] | Uint8Array)[]): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(typeof part === 'string' ? part : Uint8Array.from(typeof part === 'number' ? [part] : part))
  return hash.digest('hex')
}

const create: assetsTypes.CreateAssetArguments = {
  key: '/a.txt',
  content_type: 'text/plain',
  max_age: [],
  headers: [],
  enable_aliasing: [],
  allow_raw_access: [],
}
const content = (chunk_ids: bigint[], last?: string): assetsTypes.SetAssetContentArguments => ({
  key: '/a.txt',
  content_encoding: 'identity',
  chunk_ids,
  last_chunk: optional(last === undefined ? undefined : bytes(last)),
  sha256: [],
})
const unchanged = {
  max_age: [],
  headers: [],
  allow_raw_access: [],
  is_aliased: [],
} satisfies Partial<assetsTypes.SetAssetPropertiesArguments>

/** Proposes operations; chunks are uploaded before, their ids in place of `chunks`. */
function propose(operations: (chunks: bigint[]) => assetsTypes.BatchOperationKind[], ...chunks: string[]): bigint {
  const { batch_id } = site.call('create_batch', {})
  const { chunk_ids } = site.call('create_chunks', { batch_id, content: chunks.map(bytes) })
  site.call('propose_commit_batch', { batch_id, operations: operations(Array.from(chunk_ids)) })
  return batch_id
}

const evidenceOf = (batch_id: bigint, steps?: number): string | undefined => {
  const [evidence] = site.call('compute_evidence', { batch_id, max_iterations: optional(steps) })
  return evidence && hex(evidence)
}

describe('the evidence of a proposal is what others compute', () => {
  test.each<[string, (chunks: bigint[]) => assetsTypes.BatchOperationKind[], string[], string]>([
    ['nothing', () => [], [], sha256()],
    ['a new asset', () => [{ CreateAsset: create }], [], sha256(4, '/a.txt', 'text/plain', [2, 2, 2, 2])],
    [
      'a new asset with everything',
      () => [
        {
          CreateAsset: {
            ...create,
            max_age: [258n],
            headers: [
              [
                ['b', '2'],
                ['a', '1'],
              ],
            ],
            enable_aliasing: [true],
            allow_raw_access: [false],
          },
        },
      ],
      [],
      sha256(4, '/a.txt', 'text/plain', [3, 0, 0, 0, 0, 0, 0, 1, 2], 3, 'a1b2', [3, 0], [3, 1]),
    ],
    [
      'content in chunks',
      (chunks) => [{ SetAssetContent: { ...content(chunks), sha256: [bytes('digest')] } }],
      ['one', 'two'],
      sha256(5, '/a.txt', 'identity', 3, 'digest', 'onetwo'),
    ],
    ['content in a last chunk', () => [{ SetAssetContent: content([], 'last') }], [], sha256(5, '/a.txt', 'identity', 2, 'last')],
    [
      'removals',
      () => [{ UnsetAssetContent: { key: '/a', content_encoding: 'gzip' } }, { DeleteAsset: { key: '/b' } }, { Clear: {} }],
      [],
      sha256(6, '/agzip', 7, '/b', 8),
    ],
    [
      'properties',
      () => [
        { SetAssetProperties: { key: '/a', ...unchanged } },
        { SetAssetProperties: { key: '/a', max_age: [[1n]], headers: [[]], allow_raw_access: [[true]], is_aliased: [[]] } },
      ],
      [],
      sha256(9, '/a', [2, 2, 2, 2], 9, '/a', [3, 3, 0, 0, 0, 0, 0, 0, 0, 1], [3, 2], [3, 3, 1], [3, 2]),
    ],
  ])('%s', (_, operations, chunks, expected) => {
    expect(evidenceOf(propose(operations, ...chunks))).toBe(expected)
  })

  test('in as few steps at a time as is wanted', () => {
    const batch = propose((chunks) => [{ CreateAsset: create }, { SetAssetContent: content(chunks) }], 'one', 'two')
    const answers = Array.from({ length: 5 }, () => evidenceOf(batch, 1))
    expect(answers.slice(0, 4)).toEqual([undefined, undefined, undefined, undefined])
    expect(answers[4]).toBe(sha256(4, '/a.txt', 'text/plain', [2, 2, 2, 2], 5, '/a.txt', 'identity', 2, 'onetwo'))
    expect(evidenceOf(batch)).toBe(answers[4])
  })
})

describe('a proposal', () => {
  const operations = (chunks: bigint[]): assetsTypes.BatchOperationKind[] => [{ CreateAsset: create }, { SetAssetContent: content(chunks) }]
  const evidenceBytes = (batch_id: bigint): Uint8Array => Uint8Array.from(Buffer.from(evidenceOf(batch_id) ?? '', 'hex'))

  test('is committed by whoever may commit and presents its evidence', () => {
    const batch_id = propose(operations, 'proposed')
    const evidence = evidenceBytes(batch_id)
    expect(get(site, '/a.txt').status).toBe(404)
    expect(site.call('validate_commit_proposed_batch', { batch_id, evidence })).toEqual({
      Ok: `commit proposed batch ${batch_id} with evidence ${hex(evidence)}`,
    })
    site.call('commit_proposed_batch', { batch_id, evidence })
    expect(get(site, '/a.txt').body).toBe('proposed')
    expect(() => site.call('commit_proposed_batch', { batch_id, evidence })).toThrow('batch not found')
  })

  test('is prepared by whoever may prepare, and by nobody else committed', () => {
    site.call('grant_permission', { to_principal: developer, permission: { Prepare: null } })
    const controlled = site
    site = controlled.as(developer)
    const batch_id = propose(operations, 'x')
    const evidence = evidenceBytes(batch_id)
    expect(() => site.call('commit_proposed_batch', { batch_id, evidence })).toThrow('Caller does not have Commit permission')
    const anyone = controlled.as(stranger)
    expect(() => anyone.call('propose_commit_batch', { batch_id, operations: [] })).toThrow('Caller does not have Prepare permission')
    expect(() => anyone.call('compute_evidence', { batch_id, max_iterations: [] })).toThrow('Caller does not have Prepare permission')
    controlled.call('commit_proposed_batch', { batch_id, evidence })
  })

  test('is not committed with other evidence, or before there is any', () => {
    const batch_id = propose(operations, 'x')
    const commit = (evidence: Uint8Array): unknown => site.call('commit_proposed_batch', { batch_id, evidence })
    expect(() => commit(new Uint8Array())).toThrow('batch does not have computed evidence')
    const evidence = evidenceBytes(batch_id)
    const refusal = `batch computed evidence ${hex(evidence)} does not match presented evidence 01`
    expect(() => commit(Uint8Array.of(1))).toThrow(refusal)
    expect(site.call('validate_commit_proposed_batch', { batch_id, evidence: Uint8Array.of(1) })).toEqual({ Err: refusal })
  })

  test('is made once for a batch, and takes no more chunks', () => {
    const batch_id = propose(operations, 'x')
    expect(() => site.call('propose_commit_batch', { batch_id, operations: [] })).toThrow('already has proposed CommitBatchArguments')
    expect(() => site.call('create_chunk', { batch_id, content: bytes('y') })).toThrow(`batch ${batch_id} has been proposed`)
    expect(() => site.call('propose_commit_batch', { batch_id: 99n, operations: [] })).toThrow('batch not found')
  })

  test('stands alone: another batch waits until it is committed or deleted', () => {
    const batch_id = propose(operations, 'x')
    expect(() => site.call('create_batch', {})).toThrow(`Batch ${batch_id} has not completed evidence computation.`)
    evidenceOf(batch_id)
    expect(() => site.call('create_batch', {})).toThrow(`Batch ${batch_id} is already proposed.`)
    site.call('delete_batch', { batch_id })
    expect(() => site.call('delete_batch', { batch_id })).toThrow('batch not found')
    expect(site.call('create_batch', {}).batch_id).toBeGreaterThan(batch_id)
  })

  test('without evidence expires; with evidence it survives time and upgrade', () => {
    const forgotten = propose(operations, 'x')
    site.host.world.timeNanos += 301_000_000_000n
    const batch_id = propose(operations, 'kept')
    expect(batch_id).toBeGreaterThan(forgotten)
    const evidence = evidenceBytes(batch_id)
    site.host.world.timeNanos += 301_000_000_000n
    site.upgrade()
    expect(() => site.call('create_batch', {})).toThrow('is already proposed')
    site.call('commit_proposed_batch', { batch_id, evidence })
    expect(get(site, '/a.txt').body).toBe('kept')
  })
})
