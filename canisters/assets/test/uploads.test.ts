import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { createSite, get, optional, type Site, upload } from './support/site.ts'
import { verify } from './support/verify.ts'

let site: Site
beforeEach(() => {
  site = createSite()
})

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const sha256 = (content: Uint8Array): Uint8Array => Uint8Array.from(createHash('sha256').update(content).digest())
const everything = { start: optional<bigint>(), length: optional<bigint>() }
const keys = (): string[] => site.call('list', everything).map(({ key }) => key)

test('digests agree with the platform at every length around the block boundaries', () => {
  const lengths = [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 129, 1000]
  const contents = new Map(lengths.map((length) => [`/${length}`, Uint8Array.from({ length }, (_, index) => (index * 7 + length) % 256)]))
  for (const [key, content] of contents) {
    site.call('store', { key, content_type: 'a/b', content_encoding: 'identity', content, sha256: [sha256(content)], aliased: [] })
  }
  for (const { key, encodings } of site.call('list', everything)) {
    const content = contents.get(key) ?? new Uint8Array()
    expect(encodings[0]?.sha256[0]).toEqual(sha256(content))
    expect(encodings[0]?.length).toBe(BigInt(content.length))
  }
})

test('chunks and a last chunk become one content, in order', () => {
  const { batch_id } = site.call('create_batch', {})
  const { chunk_ids } = site.call('create_chunks', { batch_id, content: [bytes('second '), bytes('first ')] })
  const { chunk_id } = site.call('create_chunk', { batch_id, content: bytes('third ') })
  const [second = 0n, first = 0n] = chunk_ids
  const create = { key: '/a.txt', content_type: 'text/plain', max_age: optional<bigint>(), headers: optional<[string, string][]>() }
  site.call('commit_batch', {
    batch_id,
    operations: [
      { CreateAsset: { ...create, enable_aliasing: [], allow_raw_access: [] } },
      {
        SetAssetContent: {
          key: '/a.txt',
          content_encoding: 'identity',
          chunk_ids: [first, second, chunk_id],
          last_chunk: [bytes('last')],
          sha256: [sha256(bytes('first second third last'))],
        },
      },
    ],
  })
  const whole = site.call('get', { key: '/a.txt', accept_encodings: ['gzip', 'identity'] })
  expect(whole.total_length).toBe(23n)
  const parts = [0n, 1n, 2n, 3n].map((index) =>
    site.call('get_chunk', { key: '/a.txt', content_encoding: 'identity', index, sha256: whole.sha256 }),
  )
  expect(parts.map(({ content }) => new TextDecoder().decode(Uint8Array.from(content))).join('')).toBe('first second third last')
  expect(() => site.call('create_chunk', { batch_id, content: bytes('late') })).toThrow('batch not found')
})

describe('a wrong operation undoes its whole call', () => {
  const content = {
    key: '/a',
    content_encoding: 'identity',
    chunk_ids: [] as bigint[],
    last_chunk: optional<Uint8Array>(),
    sha256: optional<Uint8Array>(),
  }
  test.each([
    [
      'content for a missing asset',
      { SetAssetContent: { ...content, key: '/b', last_chunk: [bytes('x')] as [Uint8Array] } },
      'asset not found',
    ],
    ['content without chunks', { SetAssetContent: content }, 'at least one chunk'],
    [
      'a wrong digest',
      { SetAssetContent: { ...content, last_chunk: [bytes('x')] as [Uint8Array], sha256: [sha256(bytes('y'))] as [Uint8Array] } },
      'sha256 mismatch',
    ],
    [
      'what is no digest',
      { SetAssetContent: { ...content, last_chunk: [bytes('x')] as [Uint8Array], sha256: [bytes('y')] as [Uint8Array] } },
      'invalid SHA-256',
    ],
    [
      'an asset that is there already',
      {
        CreateAsset: {
          key: '/a',
          content_type: 'text/plain',
          max_age: optional<bigint>(),
          headers: optional<[string, string][]>(),
          enable_aliasing: optional<boolean>(),
          allow_raw_access: optional<boolean>(),
        },
      },
      'asset already exists',
    ],
    ['an unknown chunk', { SetAssetContent: { ...content, chunk_ids: [99n] } }, 'chunk not found'],
    ['removing content of a missing asset', { UnsetAssetContent: { key: '/b', content_encoding: 'gzip' } }, 'asset not found'],
  ])('%s', (_, operation, message) => {
    upload(site, { key: '/a', contentType: 'text/plain', contents: { identity: ['old'] } })
    const certified = site.host.certifiedData
    const deletion = { DeleteAsset: { key: '/a' } }
    // Without the first one a creation is all right.
    if (!('CreateAsset' in operation)) {
      expect(() => site.call('commit_batch', { batch_id: 0n, operations: [deletion, operation] })).toThrow()
    }
    expect(() => site.call('commit_batch', { batch_id: 0n, operations: [operation] })).toThrow(message)
    expect(get(site, '/a').body).toBe('old')
    expect(site.host.certifiedData).toEqual(certified)
  })
})

test('storing again changes type and aliases, and leaves other encodings and properties', () => {
  upload(site, { key: '/a', contentType: 'text/plain', contents: { identity: ['old'], gzip: ['packed'] }, maxAge: 5n })
  const content = { content_encoding: 'identity', content: bytes('new'), sha256: optional<Uint8Array>() }
  site.call('store', { key: '/a', content_type: 'text/html', ...content, aliased: [false] })
  expect(site.call('list', everything)).toMatchObject([
    { key: '/a', content_type: 'text/html', encodings: [{ content_encoding: 'gzip' }, { content_encoding: 'identity' }] },
  ])
  expect(site.call('get_asset_properties', '/a')).toMatchObject({ max_age: [5n], is_aliased: [false] })
  expect(get(site, '/a').body).toBe('new')
})

test('clearing counts batches and chunks from one again', () => {
  const first = site.call('create_batch', {})
  site.call('create_chunk', { batch_id: first.batch_id, content: bytes('x') })
  site.call('clear', {})
  const { batch_id } = site.call('create_batch', {})
  expect([batch_id, site.call('create_chunk', { batch_id, content: bytes('x') }).chunk_id]).toEqual([1n, 1n])
})

test('properties change one by one and can be taken away', () => {
  upload(site, { key: '/a.html', contents: { identity: ['a'] }, maxAge: 5n })
  site.call('set_asset_properties', {
    key: '/a.html',
    max_age: [],
    headers: [[[['x-one', '1']]]],
    allow_raw_access: [],
    is_aliased: [[false]],
  })
  expect(site.call('get_asset_properties', '/a.html')).toEqual({
    max_age: [5n],
    headers: [[['x-one', '1']]],
    allow_raw_access: [],
    is_aliased: [false],
  })
  expect(get(site, '/a').status).toBe(404)
  site.call('set_asset_properties', { key: '/a.html', max_age: [[]], headers: [[]], allow_raw_access: [], is_aliased: [[]] })
  const answer = get(site, '/a')
  expect(answer.status).toBe(200)
  expect(answer.headers.map(([name]) => name)).not.toContain('cache-control')
  expect(verify('/a', answer).status).toBe(200)
})

test('removing contents and assets takes their paths away', () => {
  upload(site, { key: '/a.html', contents: { identity: ['a'], gzip: ['z'] } }, { key: '/a/index.html', contents: { identity: ['folder'] } })
  site.call('unset_asset_content', { key: '/a.html', content_encoding: 'gzip' })
  expect(get(site, '/a', { 'accept-encoding': 'gzip' }).body).toBe('a')
  site.call('delete_asset', { key: '/a.html' })
  expect(get(site, '/a').body).toBe('folder')
  expect(verify('/a', get(site, '/a')).status).toBe(200)
  site.call('clear', {})
  expect([keys(), get(site, '/a').status]).toEqual([[], 404])
  expect(verify('/a', get(site, '/a')).status).toBe(404)
})

test('the list comes in pages of keys in order', () => {
  upload(site, ...['/c', '/a', '/b'].map((key) => ({ key, contents: { identity: [key] } })))
  const page = (start?: bigint, length?: bigint): string[] =>
    site.call('list', { start: optional(start), length: optional(length) }).map(({ key }) => key)
  expect([page(), page(1n), page(undefined, 2n), page(1n, 1n), page(3n)]).toEqual([
    ['/a', '/b', '/c'],
    ['/b', '/c'],
    ['/a', '/b'],
    ['/b'],
    [],
  ])
})

test('batches end after five minutes, by deletion, and at the limits', () => {
  const { batch_id } = site.call('create_batch', {})
  site.call('create_chunk', { batch_id, content: bytes('x') })
  site.host.world.timeNanos += 301_000_000_000n
  const second = site.call('create_batch', {})
  expect(() => site.call('create_chunk', { batch_id, content: bytes('x') })).toThrow('batch not found')
  site.call('configure', { max_batches: [[1n]], max_chunks: [], max_bytes: [[3n]] })
  expect(site.call('get_configuration')).toEqual({ max_batches: [1n], max_chunks: [], max_bytes: [3n] })
  expect(() => site.call('create_batch', {})).toThrow('batch limit exceeded')
  expect(() => site.call('create_chunk', { batch_id: second.batch_id, content: bytes('four') })).toThrow('byte limit exceeded')
  site.call('delete_batch', second)
  expect(() => site.call('create_batch', {})).not.toThrow()
})

test('the state digest is the same for the same contents, and gone after a change', () => {
  upload(site, { key: '/a', contents: { identity: ['a'] } })
  const [digest] = site.call('compute_state_hash')
  expect(digest).toMatch(/^[0-9a-f]{64}$/)
  expect(site.call('get_state_info').state_hash).toEqual([digest])
  site.call('store', { key: '/a', content_type: 'text/html', content_encoding: 'identity', content: bytes('b'), sha256: [], aliased: [] })
  expect(site.call('get_state_info').state_hash).toEqual([])
  expect(site.call('compute_state_hash')).not.toEqual([digest])
  const other = createSite()
  upload(other, { key: '/a', contents: { identity: ['a'] } })
  expect(other.call('compute_state_hash')).toEqual([digest])
})
