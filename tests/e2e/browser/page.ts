/** Runs the scenario in a worker, and on its own thread what goes there. */
import { installMonitor, type Findings } from './scenario.ts'
import { loadModules } from './modules.ts'

declare global {
  interface Window {
    runInWorker: () => Promise<Findings>
    installHere: () => Promise<string>
  }
}

window.runInWorker = () =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    worker.addEventListener('message', (event: MessageEvent<Findings>) => resolve(event.data))
    worker.addEventListener('error', (event) => reject(new Error(event.message)))
  })
window.installHere = async () => installMonitor(await loadModules())
