/** The administration of a running network by commands, and over its socket. */
import { readFileSync, statSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createProject } from '../support/project.ts'

const twin = 'low_wasm_memory_hook_wasm'
const accessOf = (folder: string) => {
  const file = join(folder, '.tidemark', 'network', 'local', 'admin.json')
  const access = JSON.parse(readFileSync(file, 'utf8')) as { url: string; token: string; pid: number }
  return { file, ...access }
}

test('time: read, advanced, held, in rounds, and let go', async () => {
  await using project = createProject()
  await project.start()
  const json = async (line: string) => JSON.parse((await project.run(`${line} --json`)).out) as Record<string, string>
  const before = await json('network time get')
  const later = await json('network time advance 30days')
  expect(BigInt(later['blockTimeNanos'] ?? 0) - BigInt(before['blockTimeNanos'] ?? 0)).toBeGreaterThan(2_591_999_000_000_000n)
  expect((await project.run('network time advance 0')).out).toMatch(/goes on by itself, 2592000 s ahead of this machine/)
  const held = await json('network time pause')
  expect(held['progress']).toBe('paused')
  const ticked = await json('network tick 3')
  expect(BigInt(ticked['round'] ?? 0) - BigInt(held['round'] ?? 0)).toBe(3n)
  expect((await project.run('network time set 2020-01-01T00:00:00Z')).err).toContain('Error: Time never runs back')
  expect((await project.run('network time set tomorrow')).err).toContain('a time such as 2026-01-31T12:00:00Z')
  expect((await project.run('network time set 2100-01-01T00:00:00.000000007Z')).out).toContain('2100-01-01T00:00:00.000000007Z (held')
  expect((await project.run('network time resume')).out).toContain('goes on by itself')
})

test('snapshots and a reset take the project’s canister ids along', async () => {
  await using project = createProject()
  await project.start()
  const ids = () => project.run('status --json').then(({ out }) => Object.keys((JSON.parse(out) as { canisters: object }).canisters))
  await project.run(`canister create ${twin}`)
  expect((await project.run('network snapshot take empty')).out).toMatch(/^Took empty {2}\(round \d+, \d{4}-/)
  await project.run('canister create monitor')
  expect(await ids()).toEqual([twin, 'monitor'])
  expect((await project.run('network snapshot take empty')).err).toContain('--replace')
  expect((await project.run('network snapshot load empty')).out).toContain('The network is at empty')
  expect(await ids()).toEqual([twin])
  expect((await project.run(`canister status ${twin}`)).code).toBe(0)

  expect((await project.run('network reset')).err).toContain('Nothing was reset.')
  expect((await project.run('network reset -y')).out).toContain('The network is empty again')
  expect(await ids()).toEqual([])
  expect((await project.run('network snapshot list')).out).toContain('empty')
  expect((await project.run('network snapshot load empty')).code).toBe(0)
  expect(await ids()).toEqual([twin])
  expect((await project.run('network snapshot delete empty')).code).toBe(0)
  expect((await project.run('network snapshot load empty')).err).toContain('There is no snapshot "empty".')
})

test('the trace: followed while messages run', async () => {
  await using project = createProject()
  await project.start()
  const following = project.run('network trace --kind management --limit 1 --json')
  let recording = false
  while (!recording) {
    const { out } = await project.run('network status --json')
    recording = (JSON.parse(out) as { trace: { recording: boolean } }).trace.recording
  }
  await project.run(`canister create ${twin}`)
  expect(JSON.parse((await following).out)).toMatchObject({ kind: 'management', outcome: 'returned' })
  expect((await project.run('network trace --no-follow')).out).toContain('management provisional_create_canister_with_cycles')
  expect((await project.run('network trace --kind nothing')).err).toContain('Allowed choices')
})

test('only the owner gets in: token in a file of theirs, asked for on loopback by its own name', async () => {
  await using project = createProject()
  const network = await project.start()
  const { file, url, token, pid } = accessOf(project.path)
  expect([statSync(file).mode & 0o777, pid]).toEqual([0o600, process.pid])
  expect(new URL(url).hostname).toBe('127.0.0.1')
  const statusOf = (headers: Record<string, string>, path = '/admin/v1/status') =>
    new Promise<number | undefined>((resolve, reject) => {
      const options = { host: '127.0.0.1', port: new URL(url).port, path, headers: { authorization: `Bearer ${token}`, ...headers } }
      httpRequest(options, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .once('error', reject)
        .end()
    })
  expect(await statusOf({})).toBe(200)
  expect(await statusOf({ host: 'evil.example' })).toBe(403)
  expect(await statusOf({ host: 'evil.example' }, `${url}/admin/v1/status`)).toBe(403)
  expect(await statusOf({ origin: 'http://evil.example' })).toBe(403)
  expect(await statusOf({ authorization: 'Bearer x' })).toBe(401)

  // The public interface knows nothing of it.
  const port = readFileSync(join(project.path, '.dfx', 'network', 'local', 'webserver-port'), 'utf8')
  const elsewhere = await fetch(`http://127.0.0.1:${port}/admin/v1/status`, { headers: { authorization: `Bearer ${token}` } })
  expect(elsewhere.status).not.toBe(200)

  await network.stop()
  expect((await project.run('network time get')).err).toContain('No local network of this project is running.')
})
