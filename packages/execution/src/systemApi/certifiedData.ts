/** Certified data. @see Interface specification, "Certified data". */
import { contractViolation } from '../trap.ts'
import { type Machine, type SystemCallGroup, systemCall, wrongMode } from './systemCall.ts'

/** System calls on certified data and its certificate. */
export const certifiedDataCalls: SystemCallGroup = {
  certified_data_set: systemCall('I G U Ry Rt T', ({ execution, memory }: Machine, source: number, size: number) => {
    const max = execution.env.limits.certifiedDataBytes
    if (size > max) {
      throw contractViolation(
        `ic0_certified_data_set failed because the passed data must be no larger than ${max} bytes. Found ${size} bytes.`,
        largeData,
      )
    }
    if (!memory.contains(source, size)) throw outside('ic0_certified_data_set', 'src', source, size, memory.sizeBytes)
    execution.certifiedData = memory.read('ic0.certified_data_set', source, size)
  }),
  data_certificate_present: systemCall('*', ({ execution }: Machine) => (execution.input.dataCertificate === undefined ? 0 : 1)),
  data_certificate_size: systemCall('NRQ CQ', (machine: Machine) => certificate(machine, 'ic0_data_certificate_size').length),
  data_certificate_copy: systemCall('NRQ CQ', (machine: Machine, destination: number, offset: number, size: number) => {
    const name = 'ic0_data_certificate_copy'
    const { memory } = machine
    const bytes = certificate(machine, name)
    if (offset + size > bytes.length) throw outside(name, 'offset', offset, size, bytes.length)
    if (!memory.contains(destination, size)) throw outside(name, 'dst', destination, size, memory.sizeBytes)
    memory.write(name, destination, bytes.subarray(offset, offset + size))
  }),
}

const largeData = {
  suggestion: 'Try certifying just the hash of your data instead of the full contents.',
  anchor: 'certified_data_set-payload-too-large',
} as const

function outside(name: string, what: string, start: number, size: number, max: number) {
  return contractViolation(
    `${name} failed because ${what} + size is out of bounds. Found ${what} = ${start} and size = ${size} while ${what} + size must be <= ${max}`,
  )
}

function certificate({ execution }: Machine, name: string): Uint8Array {
  const { dataCertificate } = execution.input
  if (dataCertificate === undefined) throw wrongMode(name, execution.kind)
  return dataCertificate()
}
