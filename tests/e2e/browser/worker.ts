/** Runs the scenario beside the page: main threads of pages compile no large modules. */
import { loadModules } from './modules.ts'
import { runScenario } from './scenario.ts'

postMessage(runScenario(await loadModules()))
