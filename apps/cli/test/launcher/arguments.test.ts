import { describe, expect, test } from 'vitest'
import { parseLauncherArguments } from '../../src/launcher/arguments.ts'

const words = (text: string) => text.split(' ').filter((word) => word !== '')

test('without any flags it listens on a free port of this machine, and leaves nothing', () => {
  expect(parseLauncherArguments([])).toEqual({
    statusFolder: undefined,
    stateFolder: undefined,
    host: '127.0.0.1',
    port: 0,
    configPort: 0,
    delayMillis: 0,
    subnets: ['nns', 'ii', 'application'],
    verbose: false,
  })
})

test('what icp 1.5.0 passes', () => {
  const args = `--interface-version 1.1.0 --state-dir /s --bind 127.0.0.2 --gateway-port 8123 --status-dir /d --verbose --ii --nns
    --artificial-delay-ms=5 --subnet=application --subnet=system --domain=localhost --domain=my.localhost`
  expect(parseLauncherArguments(words(args.replaceAll('\n', ' ')))).toEqual({
    statusFolder: '/d',
    stateFolder: '/s',
    host: '127.0.0.2',
    port: 8_123,
    configPort: 0,
    delayMillis: 5,
    subnets: ['nns', 'ii', 'sns', 'application', 'system'],
    verbose: true,
  })
})

test.each([
  ['--subnet=system', ['nns', 'ii', 'system']],
  ['--subnet=verified-application --subnet=fiduciary', ['nns', 'ii', 'verified_application', 'fiduciary']],
  ['--subnet=nns', ['nns', 'ii', 'application']],
  ['--bitcoind-addr=127.0.0.1:1', ['nns', 'ii', 'bitcoin']],
  ['--subnet=application --dogecoind-addr=127.0.0.1:1', ['nns', 'ii', 'application', 'bitcoin']],
])('%s: subnets %j', (args, subnets) => {
  expect(parseLauncherArguments(words(args)).subnets).toEqual(subnets)
})

describe('flags of other versions', () => {
  test.each([
    ['--interface-version=1.0.0 --unknown=1', undefined],
    ['--unknown', undefined],
    ['--unknown', '1.1.0'],
  ])('%s are refused where the version (environment: %s) is known whole', (args, version) => {
    expect(() => parseLauncherArguments(words(args), version)).toThrow('There is no flag --unknown')
  })

  test.each([
    ['--interface-version=1.2.0 --unknown=1 --gateway-port=7', undefined],
    ['--unknown --gateway-port=7', '1.9.3'],
  ])('%s are passed over where it is newer (environment: %s)', (args, version) => {
    expect(parseLauncherArguments(words(args), version).port).toBe(7)
  })

  test.each([
    ['--interface-version=2.0.0', '1.0.0'],
    ['', '0.9.0'],
  ])('another major version is refused: %s (environment: %s)', (args, version) => {
    expect(() => parseLauncherArguments(words(args), version)).toThrow('does not speak version')
  })
})

test.each([
  ['--gateway-port=65536', '65536 is no port'],
  ['--gateway-port=', 'is no port'],
  ['--config-port=x', 'x is no port'],
  ['--artificial-delay-ms=-1', '-1 is no number of milliseconds'],
  ['--subnet=moon', 'no kind of subnet moon'],
])('%s is refused', (args, message) => {
  expect(() => parseLauncherArguments([args])).toThrow(message)
})
