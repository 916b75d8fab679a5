import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createProject, repeatUntil } from '../support/project.ts'

const twin = 'low_wasm_memory_hook_wasm'

test('start, status, a second start, stop', async () => {
  await using project = createProject()
  const network = await project.start()
  const files = join(project.path, '.dfx', 'network', 'local')
  const port = readFileSync(join(files, 'webserver-port'), 'utf8')
  expect(network.out()).toContain(`Replica API running on 127.0.0.1:${port}.`)
  expect((await project.run('status')).out).toContain(`running at http://127.0.0.1:${port} (process ${process.pid})`)
  expect(JSON.parse((await project.run('ping')).out)).toMatchObject({ replica_health_status: 'healthy' })

  const second = await project.run('start')
  expect(second.code).toBe(1)
  expect(second.err).toContain(`Port ${port} is taken: a network of this project is running already.`)
  expect(second.err).toContain('tidemark stop')

  expect((await network.stop()).code).toBe(0)
  expect([existsSync(join(files, 'pid')), existsSync(join(files, 'webserver-port'))]).toEqual([false, false])
  expect((await project.run('canister status x')).err).toContain('No network answers')
})

test('a port that another program holds ends the start with exit code 1', async () => {
  await using first = createProject()
  await first.start()
  const port = readFileSync(join(first.path, '.dfx', 'network', 'local', 'webserver-port'), 'utf8')
  await using second = createProject()
  const { code, err } = await second.run(['start', '--host', `127.0.0.1:${port}`])
  expect(code).toBe(1)
  expect(err).toContain(`Error: Port ${port} is taken.`)
  expect(existsSync(join(second.path, '.dfx', 'network', 'local', 'pid'))).toBe(false)
})

test('with --experimental-hooks, canister hooks sets thresholds and shows what became of each hook', async () => {
  await using project = createProject()
  await project.start(['start', '--experimental-hooks'])
  await project.run(`canister create ${twin}`)
  expect((await project.run(`canister hooks ${twin}`)).out).toContain('It exports none.')
  await project.run(`deploy ${twin}`)
  const { out, err } = await project.run(`canister hooks ${twin} --low-cycles-threshold 2T --post-init-gate 1min`)
  expect(err).toBe('')
  expect(out.split('\n').slice(0, 4)).toEqual([
    `Lifecycle hooks of ${twin}.`,
    'Low cycles threshold: 2_000_000_000_000 Cycles',
    'Low heap memory threshold: None',
    'Post-init gate: 60 Seconds',
  ])
  expect(out).toMatch(/^canister_on_low_wasm_memory: (?:idle|pending|ran), /m)
})

test('with --system-canisters, the ledgers are on it as well, with the anonymous account funded', { timeout: 300_000 }, async () => {
  await using project = createProject()
  const network = await project.start(['start', '--system-canisters'])
  await expect.poll(() => network.out(), { timeout: 280_000 }).toContain('Ledgers of ICP and cycles are on the network')
  const call = async (line: string) => (await project.run(`canister call ${line}`)).out.trim()
  expect(await call('ryjl3-tyaaa-aaaaa-aaaba-cai icrc1_symbol --query')).toBe('("ICP")')
  expect(await call('um5iw-rqaaa-aaaaq-qaaba-cai icrc1_symbol --query')).toBe('("TCYCLES")')
  const balance = '(record { owner = principal "2vxsx-fae" })'
  const held = await project.run(['canister', 'call', 'ryjl3-tyaaa-aaaaa-aaaba-cai', 'icrc1_balance_of', balance, '--query'])
  expect(held.out).toMatch(/^\(100_000_000_000_000_000 : nat\)/)
})

test("without it, canister hooks shows the protocol's own, and says that there are no others", async () => {
  await using project = createProject()
  await project.start()
  await project.run(`deploy ${twin}`)
  expect((await project.run(`canister hooks ${twin}`)).out).toMatch(
    /^canister_on_low_wasm_memory: \w+, condition (?:condition_not_satisfied|ready|executed), (?:number \d+, )?\d+ runs$/m,
  )
  const { code, err } = await project.run(`canister hooks ${twin} --low-cycles-threshold 5`)
  expect(code).toBe(1)
  expect(err).toContain('This network has no experimental hooks.')
  expect(err).toContain('tidemark start --experimental-hooks')
})

test('keys and ids stay the same over restarts until --clean', async () => {
  await using project = createProject()
  const rootKey = async () => JSON.parse((await project.run('ping')).out).root_key as string
  const first = await project.start()
  const key = await rootKey()
  await project.run(`canister create ${twin}`)
  const id = (await project.run(`canister id ${twin}`)).out
  await first.stop()
  const again = await project.start()
  expect(await rootKey()).toBe(key)
  expect((await project.run(`canister id ${twin}`)).out).toBe(id)
  await again.stop()
  await project.start(['start', '--clean'])
  expect(await rootKey()).not.toBe(key)
  expect((await project.run(`canister id ${twin}`)).err).toContain('Cannot find canister id')
})

describe('one canister from birth to death', () => {
  test('every verb', async () => {
    await using project = createProject()
    await project.start()
    const ok = async (line: string, answers: string[] = []) => {
      const { code, out, err } = await project.run(line, { answers })
      expect(code, `${line}: ${err}`).toBe(0)
      return out
    }
    expect(await ok(`canister create ${twin}`)).toMatch(/^low_wasm_memory_hook_wasm canister created with canister id: [a-z0-9-]+\n$/)
    const id = (await ok(`canister id ${twin}`)).trim()
    expect(await ok(`canister create ${twin}`)).toBe(`${twin} canister was already created and has canister id: ${id}\n`)
    expect(await ok(`canister info ${twin}`)).toMatch(/^Controllers: \S+\nModule hash: None\n$/)
    expect(await ok(`canister update-settings ${twin} --freezing-threshold 30days --compute-allocation 1 --log-visibility public`)).toBe('')
    const changed = await ok(`canister status ${twin}`)
    expect(changed).toContain('Compute allocation: 1 %\n')
    expect(changed).toContain('Log visibility: public\n')
    expect(await ok(`canister install ${twin}`)).toBe(`Installed code for canister ${twin}, with canister ID ${id}\n`)
    expect(await ok(`canister metadata ${id} candid:service`)).toContain('get_executed_functions_order')
    expect(await ok(`canister call ${twin} get_executed_functions_order --output raw`)).toMatch(/^4449444c/)
    expect(await ok(`canister call ${twin} get_executed_functions_order --update --output json`)).toMatch(/^\[/)
    expect(await ok(`canister call aaaaa-aa canister_status '(record { canister_id = principal "${id}" })'`)).toContain(
      'status = variant { running };',
    )
    expect(await ok(`canister install ${twin} --mode reinstall`, ['yes'])).toContain('Reinstalled code')
    expect(await ok(`canister update-settings ${twin} --add-controller ${id}`)).toBe('')
    expect(await ok(`canister info ${twin}`)).toContain(id)
    expect(await ok(`canister update-settings ${twin} --remove-controller ${id}`)).toBe('')
    expect(await ok(`canister stop ${twin}`)).toBe(`Stopping canister ${twin}, with canister_id ${id}\n`)
    expect(await ok(`canister status ${twin}`)).toContain('Status: Stopped\n')
    expect(await ok(`canister start ${twin}`)).toContain('Starting canister')
    expect(await ok(`canister uninstall-code ${twin}`)).toContain('Uninstalling code of canister')
    expect(await ok(`canister status ${twin}`)).toContain('Module hash: None\n')
    await ok(`canister stop ${twin}`)
    expect(await ok(`canister delete ${twin}`)).toBe(`Deleting canister ${twin}, with canister_id ${id}\n`)
    expect((await project.run(`canister status ${id}`)).err).toContain('IC0301')
  })

  test('what the network refuses is told with its code, what the interface refuses before it is sent', async () => {
    await using project = createProject()
    await project.start()
    await project.run(`deploy ${twin}`)
    const refused = async (line: string, answers: string[] = []) => {
      const { code, err } = await project.run(line, { answers })
      expect(code, line).toBe(1)
      return err
    }
    expect(await refused(`canister call ${twin} nothing`)).toContain('error code IC0536')
    expect(await refused(`canister call ${twin} get_executed_functions_order '(5)'`)).toContain(
      'too many arguments: got 1, the method takes 0',
    )
    expect(await refused(`canister call ${twin} get_executed_functions_order '(5'`)).toContain(
      'expected "," or ")", found the end of the text\n  (5\n    ^',
    )
    expect(await refused(`canister update-settings ${twin} --compute-allocation 1 --identity anonymous`)).toContain('error code IC0512')
    expect(await refused(`canister status ${twin} --identity anonymous`)).toContain('Use the identity of a controller')
    expect(await refused(`deploy ${twin} --mode reinstall`, ['no'])).toContain('Nothing was changed')
    expect(await refused(`canister delete ${twin}`)).toContain('IC0510')
    expect(await refused('canister status rwlgt-iiaaa-aaaaa-aaaaa-cai')).toContain('IC0301')
    expect(await refused(`canister update-settings ${twin} --set-controller 2vxsx-fae`, ['no'])).toContain('Nothing was changed')
  })

  test('settings changed after installation fire the hook as well', async () => {
    await using project = createProject((canisters) => ({ ...canisters, [twin]: { ...canisters[twin], initialization_values: {} } }))
    await project.start()
    await project.run(`deploy ${twin}`)
    const order = () => project.run(`canister call ${twin} get_executed_functions_order --query`)
    await repeatUntil(order, /(?:Heartbeat[^H]*){3}/)
    await project.run(`canister update-settings ${twin} --wasm-memory-limit 5000000 --wasm-memory-threshold 3000000`)
    const { out } = await repeatUntil(order, /OnLowWasmMemory/)
    expect(out.match(/OnLowWasmMemory/g)).toHaveLength(1)
    expect(out).toMatch(/OnLowWasmMemory \};?\s*\}/)
  })
})

test('a redeployment without a change installs nothing', async () => {
  await using project = createProject()
  await project.start()
  await project.run(`deploy ${twin}`)
  const { out } = await project.run(`deploy ${twin}`)
  expect(out).toMatch(/^Module hash [0-9a-f]{64} is already installed\.$/m)
  expect(out).toContain('All canisters have already been created.')
})
