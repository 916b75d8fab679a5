import { expect, test } from 'vitest'
import { parseBind, resolveNetwork } from '../../src/network/network.ts'
import type { Project } from '../../src/project/dfxJson.ts'

const project: Project = {
  root: '/nowhere',
  canisters: new Map(),
  networks: new Map([
    ['local', { bind: '127.0.0.1:8123', providers: [] }],
    ['staging', { providers: ['https://staging.example'] }],
  ]),
}
const resolve = (name?: string, env = {}) => resolveNetwork({ folder: '/nowhere', project, env, name })

test.each([
  [undefined, 'http://127.0.0.1:8123', false, false],
  ['local', 'http://127.0.0.1:8123', false, false],
  ['ic', 'https://icp-api.io', true, true],
  ['staging', 'https://staging.example', true, false],
  ['http://127.0.0.1:9999', 'http://127.0.0.1:9999', false, false],
])('--network %s', (name, url, persistent, isMainnet) => expect(resolve(name)).toMatchObject({ url, persistent, isMainnet }))

test('DFX_NETWORK chooses the network, a flag wins', () => {
  expect(resolve(undefined, { DFX_NETWORK: 'ic' }).name).toBe('ic')
  expect(resolve('local', { DFX_NETWORK: 'ic' }).name).toBe('local')
})

test('an unknown network lists those there are', () => {
  expect(() => resolve('moon')).toThrow('There is no network "moon".')
})

test('addresses to listen on', () => {
  expect(parseBind('127.0.0.1:4943')).toEqual({ host: '127.0.0.1', port: 4943 })
  expect(parseBind('[::1]:80')).toEqual({ host: '::1', port: 80 })
  expect(() => parseBind('4943')).toThrow('"4943" is no address to listen on.')
  expect(() => parseBind('127.0.0.1:99999')).toThrow('is no address')
})
