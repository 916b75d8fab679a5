/** Works out once what every instance needs, while the client has not asked yet: its keys above all. */
import { createNetwork } from '@tidemark/network'
import { topologyOf } from './topology.ts'

export function warmUp(): void {
  topologyOf(createNetwork({ subnets: [{ kind: 'application' }] }))
}
