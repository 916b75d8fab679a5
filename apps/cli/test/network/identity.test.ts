import { generateKeyPairSync, verify, createPublicKey } from 'node:crypto'
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SignIdentity } from '@dfinity/agent'
import { expect, test } from 'vitest'
import { loadIdentity } from '../../src/network/identity.ts'
import { PemIdentity } from '../../src/network/pemIdentity.ts'
import { temporaryFolder } from '../support/terminal.ts'

test('the default identity is made once, for its owner only', () => {
  using folder = temporaryFolder()
  const env = { TIDEMARK_CONFIG_ROOT: folder.path }
  const first = loadIdentity(env).getPrincipal().toText()
  expect(loadIdentity(env).getPrincipal().toText()).toBe(first)
  expect(statSync(join(folder.path, 'identity', 'default', 'identity.pem')).mode & 0o777).toBe(0o600)
})

test('anonymous needs no file', () => {
  expect(loadIdentity({}, 'anonymous').getPrincipal().isAnonymous()).toBe(true)
})

test('identities of dfx are found by name, with the curve block that dfx writes', () => {
  using folder = temporaryFolder()
  const place = join(folder.path, '.config', 'dfx', 'identity', 'alice')
  mkdirSync(place, { recursive: true })
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
  const parameters = '-----BEGIN EC PARAMETERS-----\nBgUrgQQACg==\n-----END EC PARAMETERS-----\n'
  writeFileSync(join(place, 'identity.pem'), parameters + privateKey.export({ type: 'sec1', format: 'pem' }).toString())
  const identity = loadIdentity({ DFX_CONFIG_ROOT: folder.path }, 'alice')
  expect(identity instanceof SignIdentity && identity.getPublicKey().toDer()).toHaveLength(88)
})

test.each(['ed25519', 'secp256k1', 'prime256v1'])('a %s key signs what its public key verifies', async (kind) => {
  const { privateKey } = kind === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: kind })
  const identity = PemIdentity.fromPem(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  const key = createPublicKey({ key: Buffer.from(identity.getPublicKey().toDer()), type: 'spki', format: 'der' })
  for (let i = 0; i < 16; i++) {
    const message = new TextEncoder().encode(`message ${i}`)
    const signature = await identity.sign(message)
    const ok = verify(
      kind === 'ed25519' ? null : 'sha256',
      message,
      kind === 'ed25519' ? key : { key, dsaEncoding: 'ieee-p1363' },
      signature,
    )
    expect(ok).toBe(true)
    // s stands in the lower half of the curve's order.
    if (kind === 'secp256k1') expect(signature[32]).toBeLessThan(0x80)
  }
})

test.each([
  ['nobody', 'There is no identity "nobody".'],
  ['../x', 'cannot be the name of an identity'],
])('%s', (name, message) => {
  using folder = temporaryFolder()
  expect(() => loadIdentity({ TIDEMARK_CONFIG_ROOT: folder.path, DFX_CONFIG_ROOT: folder.path }, name)).toThrow(message)
})

test('a damaged key is named', () => {
  using folder = temporaryFolder()
  const place = join(folder.path, 'identity', 'default')
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, 'identity.pem'), 'rubbish')
  expect(() => loadIdentity({ TIDEMARK_CONFIG_ROOT: folder.path })).toThrow(`${join(place, 'identity.pem')} cannot be read.`)
})
