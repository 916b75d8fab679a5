/** A page that shows the canisters of an instance. */
import type { Network, Subnet } from '@tidemark/network'
import { toHex } from '@tidemark/types'

type CanisterView = ReturnType<Subnet['replica']['canisters']>[number]

export function dashboardPage(network: Network): string {
  const rows = network.subnets().flatMap((subnet) => subnet.replica.canisters().map((canister) => row(subnet, canister)))
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>PocketIC dashboard</title>
<style>body{font:14px system-ui,sans-serif;margin:2rem}table{border-collapse:collapse}td,th{border:1px solid #999;padding:.3rem .6rem;text-align:left}</style></head>
<body><h1>PocketIC dashboard</h1>
<p>Height: ${network.round()}</p>
<table><thead><tr><th>Canister</th><th>Subnet</th><th>Kind</th><th>Status</th><th>Cycles</th><th>Module hash</th><th>Controllers</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></body></html>
`
}

function row({ id, kind }: Subnet, { id: canisterId, status, balance, execution, settings }: CanisterView): string {
  const hash = execution === undefined ? 'none' : toHex(execution.module.hash)
  const controllers = settings.controllers.map((controller) => controller.toText()).join(' ')
  const cells = [canisterId.toText(), id.toText(), kind, status.kind, String(balance), hash, controllers]
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
}
