import { expect, test } from 'vitest'
import { canisterOfHost } from '../../src/server/namedHosts.ts'

const canisters: [string, string][] = [
  ['My_Shop', 'rrkah-fqaaa-aaaaa-aaaaq-cai'],
  ['api', 'ryjl3-tyaaa-aaaaa-aaaba-cai'],
]

test.each([
  ['api.localhost', 'ryjl3-tyaaa-aaaaa-aaaba-cai'],
  ['api.local.localhost', 'ryjl3-tyaaa-aaaaa-aaaba-cai'],
  ['my_shop.localhost', 'rrkah-fqaaa-aaaaa-aaaaq-cai'],
  ['my-shop.localhost', 'rrkah-fqaaa-aaaaa-aaaaq-cai'],
  ['other.localhost', undefined],
  ['localhost', undefined],
  ['api.raw.localhost', undefined],
  ['api.example.com', undefined],
])('%s is %s', (host, id) => expect(canisterOfHost(host, () => canisters)?.toText()).toBe(id))

test('for a host with an id nobody is asked', () => {
  const refuse = (): never => {
    throw new Error('asked')
  }
  expect(canisterOfHost('rrkah-fqaaa-aaaaa-aaaaq-cai.localhost', refuse)).toBeUndefined()
})
