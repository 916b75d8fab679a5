/** A canister with a hook library: what it ran, what it captured, and making that again. */
import { expect, test } from 'vitest'
import { createProject } from '../support/project.ts'

test('runs and captured errors are listed, and calls made again', { timeout: 240_000 }, async () => {
  await using project = createProject(({ lifecycle_hooks: hooks = {} }) => ({ lifecycle_hooks: hooks }))
  await project.start()
  expect(await project.run('deploy lifecycle_hooks')).toMatchObject({ code: 0, err: '' })
  await project.run(['canister', 'call', 'lifecycle_hooks', 'trap_before_await', '("no luck")'])
  // Served only once post-init, and whatever else was due, has had its turn.
  await project.run('canister call lifecycle_hooks roll')

  const listed = await project.run('canister hooks lifecycle_hooks')
  expect(listed.code).toBe(0)
  expect(listed.out).toMatch(
    /^Runs that the library of lifecycle_hooks has recorded:\n1 canister_post_init: ran, 20\d\d-.*Z, [\d_]+ Bytes, [\d_]+ Cycles$/m,
  )
  expect(listed.out).toContain('Captured errors, for `tidemark canister redrive lifecycle_hooks NUMBER`:')
  expect(listed.out).toMatch(/^2 trap_before_await, \d+ bytes of arguments: IC0503 .*no luck/m)
  expect(listed.out).not.toContain('Low cycles threshold')

  const failed = await project.run('canister redrive lifecycle_hooks 2 99')
  expect(failed.out).toMatch(/^2 was rejected: .*no luck/m)
  expect(failed.out).toContain('99 is not kept.')
  expect(failed.err).toContain('2 of 2 calls did not succeed.')
  await project.run(['canister', 'call', 'lifecycle_hooks', 'fail_hook', '("nothing")'])
  expect((await project.run('canister redrive lifecycle_hooks 2')).out).toContain('2 replied.')
  // The second failure was captured, too.
  expect((await project.run('canister redrive lifecycle_hooks --all')).out).toMatch(/^\d+ replied\.$/m)
  expect((await project.run('canister redrive lifecycle_hooks --all')).out).toContain('has captured no error that could be sent again')
  expect((await project.run('canister hooks lifecycle_hooks')).out).toMatch(/sent again 2 times, the last one replied/)
})

test.each([
  ['canister redrive x', 'Give the numbers of captured errors, or --all.'],
  ['canister redrive x 1 --all', 'Give the numbers of captured errors, or --all.'],
  ['canister redrive x one', 'one is no number of a captured error.'],
])('%s is refused', async (line, complaint) => {
  await using project = createProject(() => ({}))
  const { code, err } = await project.run(line)
  expect([code, err]).toEqual([1, expect.stringContaining(complaint)])
})
