// Prints the milliseconds from creating a replica to the first answer of a Motoko canister whose module was rewritten
// before. Starting Node and loading the sources is not part of it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { network } from '../support/index.ts'
import { compilePrograms } from '../motoko/support/programs.ts'
import { encodeArguments } from '../motoko/support/candid.ts'
import { expectReply } from '../support/index.ts'

const folder = join(import.meta.dirname, '../../.tidemark/motoko/rewritten')
const wasm = (await compilePrograms(['counter'])).get('counter') ?? new Uint8Array(0)
const nothing = encodeArguments([])
mkdirSync(folder, { recursive: true })

const rewrittenModules = {
  load: (key: string) => (existsSync(join(folder, key)) ? readFileSync(join(folder, key)) : undefined),
  save: (key: string, bytes: Uint8Array) => writeFileSync(join(folder, key), bytes),
}

const started = performance.now()
const net = network({ rewrittenModules })
expectReply(net.call(net.install(wasm, nothing), 'increment', nothing))
process.stdout.write(String(performance.now() - started))
