import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createForeignProject } from '../support/project.ts'

const first = `persistent actor {
  var seed : Blob = "";
  public func canister_post_init() : async () {
    let ic : actor { raw_rand : () -> async Blob } = actor "aaaaa-aa";
    seed := await ic.raw_rand();
  };
}`
const real = `persistent actor {
  var seed : Blob = "";
  public query func size() : async Nat { seed.size() };
}`
const talkative = 'persistent actor { public func canister_post_init() : async () {}; public func greet() : async () {} }'
const failing = 'persistent actor { public func canister_post_init() : async () { assert false } }'

test('a canister that starts in two steps has what post-init fetched', { timeout: 240_000 }, async () => {
  await using project = createForeignProject({
    canisters: {
      real: { main: 'real.mo' },
      first: { main: 'first.mo' },
      talkative: { main: 'talkative.mo' },
      failing: { main: 'failing.mo' },
      classical: { main: 'first.mo', args: '--legacy-persistence' },
    },
  })
  for (const [name, text] of Object.entries({ first, real, talkative, failing })) writeFileSync(join(project.path, `${name}.mo`), text)
  await project.start()

  const refused = async (module: string) => (await project.run(['deploy', 'real', '--post-init', module])).err
  expect(await refused('talkative')).toContain('canister_update greet, which would be answered before the real code is there')
  expect(await refused('real')).toContain('The first module must have canister_post_init and no other method.')
  expect(await refused('classical')).toContain('the first one has another form')
  expect(await refused('nowhere.wasm')).toContain('nowhere.wasm cannot be read')
  expect((await project.run(['deploy', '--post-init', 'first'])).err).toContain('--post-init are for one canister')

  const started = await project.run(['deploy', 'real', '--post-init', 'first'])
  expect(started).toMatchObject({ code: 0, err: '' })
  expect((await project.run('canister call real size')).out).toContain('32 : nat')
  const again = await project.run(['deploy', 'real', '--post-init', 'first', '--mode', 'upgrade'])
  expect(again.err).toContain('has code already: the first module would replace it and lose its state.')

  const failed = await project.run(['deploy', 'real', '--post-init', 'failing', '--mode', 'reinstall', '--yes'])
  expect(failed.err).toContain('canister_post_init of real failed; the canister has its first module.')
})
