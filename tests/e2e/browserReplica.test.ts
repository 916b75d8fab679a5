/** The replica as a library of a page: the same results, to the bit, as in Node. */
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buildCanister } from '@tidemark/build'
import type { Browser } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import wabtInit from 'wabt'
import { compilePrograms } from '../motoko/support/programs.ts'
import { deepShapes } from './browser/deepShapes.ts'
import { canisterNames, type Findings, type Modules, runScenario } from './browser/scenario.ts'
import { hasChromium, launchChromium } from './support/chromium.ts'

const root = join(import.meta.dirname, '..', '..')

describe.skipIf(!hasChromium)('a replica in a page', () => {
  let browser: Browser
  let server: Server
  let here: Findings
  let inPage: Findings
  let onMainThread: string
  const complaints: string[] = []

  beforeAll(async () => {
    const modules = await buildModules()
    here = runScenario(modules)
    server = await serve(await bundle(), modules)
    browser = await launchChromium()
    const page = await browser.newPage()
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await page.waitForFunction(() => 'runInWorker' in window)
    inPage = await page.evaluate(() => window.runInWorker())
    onMainThread = await page.evaluate(() => window.installHere())
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    server?.closeAllConnections()
    server?.close()
  })

  test('has nothing to complain of', () => expect(complaints).toEqual([]))

  test('ends a recursion without end with the error of the protocol', () => {
    expect(inPage['a recursion without end']).toMatch(/^IC0502 .*stack overflow/)
    for (const shape of Object.keys(deepShapes)) expect(inPage[`${shape}, without end`], shape).toMatch(/^IC0502 .*stack overflow/)
  })

  test('says what to do where the browser compiles no large modules', () => {
    expect(onMainThread).toContain('run the replica in a worker')
  })

  test('tells the same story as in Node, to the last bit of its state', () => expect(inPage).toEqual(here))
})

async function buildModules(): Promise<Modules> {
  const modules = new Map<string, Uint8Array>(await compilePrograms(['recursion']))
  for (const name of canisterNames) {
    if (modules.has(name)) continue
    const { wasmPath } = await buildCanister({ name, root })
    modules.set(name, new Uint8Array(readFileSync(wasmPath)))
  }
  const wabt = await wabtInit()
  for (const [name, text] of Object.entries(deepShapes)) modules.set(name, new Uint8Array(wabt.parseWat(name, text).toBinary({}).buffer))
  return modules
}

/** The page with everything that it imports, by path. A module that needs Node does not bundle, or fails when it loads. */
async function bundle(): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const result = await build({
    root: join(import.meta.dirname, 'browser'),
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { write: false, target: 'es2022', modulePreload: false, minify: false },
  })
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((each) => ('output' in each ? each.output : []))
  return new Map(outputs.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]))
}

function serve(files: ReadonlyMap<string, string | Uint8Array>, modules: Modules): Promise<Server> {
  const found = new Map([
    ...files,
    ...[...modules].map(([name, wasm]): [string, Uint8Array] => [`/modules/${encodeURIComponent(name)}`, wasm]),
  ])
  const server = createServer((request, response) => {
    const path = request.url === '/' ? '/index.html' : (request.url ?? '')
    const file = found.get(path)
    const type = path.endsWith('.html') ? 'text/html' : path.endsWith('.js') ? 'text/javascript' : 'application/octet-stream'
    if (file === undefined) response.writeHead(404).end()
    else response.writeHead(200, { 'content-type': type }).end(file)
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}
