import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createForeignProject } from './support/project.ts'

const greeter = `persistent actor class Greeter(greeting : Text) {
  var count = 0;
  public func greet(name : Text, tags : [Text]) : async { text : Text; tags : [Text]; count : Nat } {
    count += 1;
    { text = greeting # ", " # name; tags; count };
  };
  public func fail() : async () { assert false };
}`

test("somebody else's project: a Motoko class with an argument and a site beside it", { timeout: 180_000 }, async () => {
  await using project = createForeignProject({
    canisters: {
      greeter: { main: 'greeter.mo', init_arg: '("Hello")' },
      site: {
        type: 'assets',
        source: ['out'],
        build: 'echo "<p>made</p>" > out/index.html',
      },
    },
    output_env_file: '.env',
  })
  writeFileSync(join(project.path, 'greeter.mo'), greeter)
  mkdirSync(join(project.path, 'out'))
  await project.start()
  const deployed = await project.run('deploy')
  expect(deployed).toMatchObject({ code: 0, err: '' })
  const { out } = await project.run(['canister', 'call', 'greeter', 'greet', '("you", vec { "a"; "b" })'])
  expect(out).toBe('(record { count = 1 : nat; tags = vec { "a"; "b" }; "text" = "Hello, you" })\n')
  const built = (file: string) => readFileSync(join(project.path, '.dfx', 'local', 'canisters', file), 'utf8')
  const ids = JSON.parse(readFileSync(join(project.path, '.dfx', 'local', 'canister_ids.json'), 'utf8')) as Record<
    string,
    { local: string }
  >
  expect(built('greeter/init_args.txt')).toBe('(greeting: text)')
  expect(built('greeter/service.did')).not.toContain('greeting')
  expect(built('greeter/constructor.did')).toContain('(greeting: text) -> ')
  expect(built(`idl/${ids['greeter']?.local}.did`)).toBe(built('greeter/greeter.did'))
  expect(existsSync(join(project.path, '.dfx', 'local', 'canisters', 'greeter', 'greeter.wasm'))).toBe(true)
  const page = /site:\n +- \S+ \(Recommended\)\n +- (\S+) \(Legacy\)/.exec(deployed.out)?.[1] ?? ''
  expect(await (await fetch(page)).text()).toBe('<p>made</p>\n')
  expect(await project.run('deploy site')).toMatchObject({ code: 0, out: expect.stringContaining('Files of site are up to date.') })

  expect((await project.run('canister call greeter fail')).err).toContain('error code IC0503')
  const upgraded = await project.run(['deploy', 'greeter', '--mode', 'upgrade', '--argument', '("Salut")'])
  expect(upgraded.out).toContain('Upgraded code for canister greeter')
  // The main memory is kept: the count goes on.
  expect((await project.run(['canister', 'call', 'greeter', 'greet', '("toi", vec {})', '--output', 'json'])).out).toContain('"count": "2"')
  expect((await project.run(['deploy', 'greeter', '--mode', 'reinstall', '-y', '--argument', '(5)'])).err).toContain(
    'argument 1: expected text, got the number 5',
  )
})

test('a build command that fails ends the deployment with its own words', async () => {
  await using project = createForeignProject({
    canisters: { site: { type: 'assets', source: ['out'], build: 'echo no such page >&2; exit 3' } },
  })
  await project.start()
  const { code, err } = await project.run('deploy')
  expect(code).toBe(1)
  expect(err).toContain('ended with code 3.\nno such page\n')
})
