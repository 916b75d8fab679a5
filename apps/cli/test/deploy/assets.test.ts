import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { assetsTypes } from '@tidemark/bindings'
import { describe, expect, test } from 'vitest'
import { matchesPattern } from '../../src/deploy/assets/globs.ts'
import { parseJson5 } from '../../src/deploy/assets/json5.ts'
import { planSync, type RemoteAsset } from '../../src/deploy/assets/plan.ts'
import { assetOf, type LocalAsset, scanAssets } from '../../src/deploy/assets/scan.ts'
import { temporaryFolder } from '../support/terminal.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

function files(root: string, contents: Record<string, string>): string {
  for (const [name, content] of Object.entries(contents)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), content)
  }
  return root
}

/** What the canister would list after it took the assets. */
function remote(assets: readonly LocalAsset[]): RemoteAsset[] {
  return assets.map(({ key, contentType, encodings, properties }) => ({
    details: {
      key,
      content_type: contentType,
      encodings: encodings.map(({ name, content, sha256 }): assetsTypes.EncodingDetails => ({
        content_encoding: name,
        sha256: [sha256],
        length: BigInt(content.length),
        modified: 0n,
      })),
      max_age: [],
      headers: [],
      is_aliased: [],
      allow_raw_access: [],
    },
    properties: {
      max_age: properties.maxAgeSeconds === undefined ? [] : [properties.maxAgeSeconds],
      headers: properties.headers === undefined ? [] : [properties.headers.map(([name, value]): [string, string] => [name, value])],
      is_aliased: [],
      allow_raw_access: [],
    },
  }))
}

describe('files of a folder', () => {
  test('get keys, content types and, where it helps, a compressed form', () => {
    using folder = temporaryFolder()
    files(folder.path, {
      'index.html': '<p>'.repeat(200),
      'assets/a.js': 'x',
      'mark.png': 'not text',
      '.secret': 'no',
      '.git/config': 'no',
    })
    const found = scanAssets([folder.path]).map(({ key, contentType, encodings }) => [
      key,
      contentType,
      encodings.map(({ name }) => name).join(),
    ])
    expect(found).toEqual([
      ['/assets/a.js', 'text/javascript', 'identity'],
      ['/index.html', 'text/html', 'identity,gzip'],
      ['/mark.png', 'image/png', 'identity'],
    ])
  })

  test('obey .ic-assets.json5: ignore, headers, cache; a later rule wins', () => {
    using folder = temporaryFolder()
    files(folder.path, {
      '.ic-assets.json5': `[
        // everything
        { match: '**/*', cache: { max_age: 60 }, headers: { 'X-A': '1', "X-B": "2", }, },
        { match: '*.map', ignore: true },
        { match: '.well-known', ignore: false },
        { match: 'index.html', cache: { max_age: 0 }, headers: { 'x-a': '3' } },
      ]`,
      'index.html': 'x',
      'a.js.map': 'x',
      '.well-known/ic-domains': 'x',
    })
    expect(scanAssets([folder.path]).map(({ key, properties }) => [key, properties.maxAgeSeconds, properties.headers])).toEqual([
      [
        '/.well-known/ic-domains',
        60n,
        [
          ['X-A', '1'],
          ['X-B', '2'],
        ],
      ],
      [
        '/index.html',
        0n,
        [
          ['x-a', '3'],
          ['X-B', '2'],
        ],
      ],
    ])
  })

  test('get the headers of a security policy, own ones first; null takes headers away', () => {
    using folder = temporaryFolder()
    files(folder.path, {
      '.ic-assets.json': `[
        { match: '**/*', security_policy: 'standard', headers: { 'x-frame-options': 'SAMEORIGIN' } },
        { match: 'plain.txt', headers: null, security_policy: 'disabled' },
      ]`,
      'index.html': 'x',
      'plain.txt': 'x',
    })
    const [page, plain] = scanAssets([folder.path])
    const headers = new Map(page?.properties.headers)
    expect(Array.from(headers.keys(), (name) => name.toLowerCase())).toEqual([
      'x-frame-options',
      'content-security-policy',
      'permissions-policy',
      'referrer-policy',
      'strict-transport-security',
      'x-content-type-options',
      'x-xss-protection',
    ])
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
    expect(headers.get('Content-Security-Policy')).toMatch(/^default-src 'self';script-src 'self';.*upgrade-insecure-requests;$/)
    expect(plain?.properties.headers).toBeUndefined()
  })

  test('are uploaded in the encodings that a rule names', () => {
    using folder = temporaryFolder()
    files(folder.path, { '.ic-assets.json': `[{ match: '*.js', encodings: ['brotli', 'identity'] }]`, 'a.js': 'x', 'b.css': 'x' })
    expect(scanAssets([folder.path]).map(({ key, encodings }) => [key, ...encodings.map(({ name }) => name)])).toEqual([
      ['/a.js', 'br', 'identity'],
      ['/b.css', 'identity'],
    ])
  })

  test.each([
    [`[{ headers: {} }]`, 'every rule needs a "match"'],
    [`[{ match: '*', header: {} }]`, 'a rule has no field "header"'],
    [`[{ match: '*', encodings: ['zip'] }]`, '"zip" is no encoding'],
    [`[{ match: '*', security_policy: 'strict' }]`, '"strict" is no security policy'],
  ])('with the rules %s are an error', (rules, message) => {
    using folder = temporaryFolder()
    files(folder.path, { '.ic-assets.json5': rules, a: '1' })
    expect(() => scanAssets([folder.path])).toThrow(message)
  })

  test('with two files of rules are an error', () => {
    using folder = temporaryFolder()
    files(folder.path, { '.ic-assets.json5': '[]', '.ic-assets.json': '[]', a: '1' })
    expect(() => scanAssets([folder.path])).toThrow('two files of asset rules')
  })

  test('the same file in two folders, or no folder at all, is an error', () => {
    using one = temporaryFolder()
    using two = temporaryFolder()
    files(one.path, { a: '1' })
    files(two.path, { a: '2' })
    expect(() => scanAssets([one.path, two.path])).toThrow('Two asset folders hold /a.')
    expect(() => scanAssets([join(one.path, 'missing')])).toThrow('None of the asset folders exists')
  })
})

describe('a pattern of a rule', () => {
  test.each([
    ['**/*', 'a', true],
    ['**/*', 'a/b.js', true],
    ['*', 'a/b.js', true],
    ['*.js', 'a/b.js', true],
    ['*.js', 'a/b.jsx', false],
    ['index.html', 'index.html', true],
    ['index.html', 'a/index.html', false],
    ['**/index.html', 'a/b/index.html', true],
    ['**/index.html', 'index.html', true],
    ['a/**', 'a/b/c', true],
    ['a/**', 'b/c', false],
    ['*.{js,css}', 'x.css', true],
    ['*.{js,css}', 'x.html', false],
    ['[a-c]?.txt', 'b1.txt', true],
    ['[!a-c]?.txt', 'b1.txt', false],
    ['a.b+(c)', 'a.b+(c)', true],
    ['a.b', 'axb', false],
    ['.well-known', '.well-known', true],
  ])('%s and %s: %s', (pattern, path, matches) => expect(matchesPattern(path, pattern)).toBe(matches))
})

describe('what a sync does', () => {
  const page = assetOf('/index.html', bytes('<p>'.repeat(200)))

  test('a fresh canister gets everything', () => {
    const plan = planSync([page], [])
    expect(plan.before.map((operation) => Object.keys(operation)[0])).toEqual(['CreateAsset'])
    expect(plan.uploads.map(({ key, encoding }) => `${key} ${encoding.name}`)).toEqual(['/index.html identity', '/index.html gzip'])
  })

  test('nothing when nothing changed', () => {
    expect(planSync([page], remote([page]))).toEqual({ before: [], uploads: [], after: [] })
  })

  test('only what differs is uploaded', () => {
    const changed = assetOf('/index.html', bytes('<p>'.repeat(201)))
    const plan = planSync([changed], remote([page]))
    expect([plan.before.length, plan.uploads.length, plan.after.length]).toEqual([0, 2, 0])
  })

  test('what is gone is deleted, an encoding that is gone is taken away', () => {
    const short = assetOf('/index.html', bytes('x'))
    const plan = planSync([short], remote([page, assetOf('/old', bytes('x'))]))
    expect(plan.before).toEqual([{ DeleteAsset: { key: '/old' } }])
    expect(plan.after).toEqual([{ UnsetAssetContent: { key: '/index.html', content_encoding: 'gzip' } }])
  })

  test('another content type makes another asset', () => {
    const plan = planSync([{ ...page, contentType: 'text/plain' }], remote([page]))
    expect(plan.before.map((operation) => Object.keys(operation)[0])).toEqual(['DeleteAsset', 'CreateAsset'])
    expect(plan.uploads).toHaveLength(2)
  })

  test('changed headers are set without an upload', () => {
    const plan = planSync([{ ...page, properties: { headers: [['x-a', '1']] } }], remote([page]))
    expect(plan.uploads).toEqual([])
    expect(plan.after.map((operation) => Object.keys(operation)[0])).toEqual(['SetAssetProperties'])
  })
})

test.each([
  [`{ a: 'it\\'s', "b": [1, +2, .5,], /* c */ }`, { a: "it's", b: [1, 2, 0.5] }],
  ['[true, null, -1.5e3]', [true, null, -1500]],
])('%s', (text, value) => expect(parseJson5(text)).toEqual(value))
