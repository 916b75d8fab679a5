import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeEnvFile } from '../../src/project/envFile.ts'
import { temporaryFolder } from '../support/terminal.ts'

test('the block is replaced, other lines stay', () => {
  using folder = temporaryFolder()
  const file = join(folder.path, '.env')
  writeFileSync(file, 'MINE=1')
  writeEnvFile(file, { networkName: 'local', canisterIds: [['my-back', 'aaaaa-aa']] })
  writeEnvFile(file, { networkName: 'local', canisterIds: [['my-back', '2vxsx-fae']] })
  expect(readFileSync(file, 'utf8')).toBe(
    [
      'MINE=1',
      '# DFX CANISTER ENVIRONMENT VARIABLES',
      "DFX_NETWORK='local'",
      "CANISTER_ID_MY_BACK='2vxsx-fae'",
      '# END DFX CANISTER ENVIRONMENT VARIABLES',
      '',
    ].join('\n'),
  )
})
