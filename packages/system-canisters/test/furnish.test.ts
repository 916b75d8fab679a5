import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IDL } from '@dfinity/candid'
import { Principal as CandidPrincipal } from '@dfinity/principal'
import { buildCanister } from '@tidemark/build'
import { createReplica } from '@tidemark/replica'
import { expect, test } from 'vitest'
import { installSystemCanisters, systemCanisters } from '../src/index.ts'
test('x', async () => {
  const root = join(import.meta.dirname, '..', '..', '..')
  const modules = new Map<string, Uint8Array>()
  for (const { name } of systemCanisters) modules.set(name, new Uint8Array(readFileSync((await buildCanister({ root, name })).wasmPath)))
  const replica = createReplica()
  const t = performance.now()
  installSystemCanisters(replica, { modules, subnets: [{ id: replica.subnetId, type: 'application', ranges: [] }], defaultSubnets: [replica.subnetId], funded: [] })
  console.log(performance.now() - t)
}, 100000)
