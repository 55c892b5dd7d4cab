import { Counter, Gauge, Histogram, type OpenMetricsContentType, Registry } from 'prom-client'

/** What /metrics shows. Names end in their unit; no label has a person in it. `labels`: on every figure. */
export function openMetrics(labels: Record<string, string> = {}) {
  const registry = new Registry<OpenMetricsContentType>()
  registry.setDefaultLabels(labels)
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  const registers = [registry]
  const requests = new Histogram({
    name: 'holdfast_request_seconds',
    help: 'Time to answer, by route pattern and status',
    labelNames: ['route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  })
  const transitions = new Counter({
    name: 'holdfast_database_transitions_total',
    help: 'How often the database was found away or back',
    labelNames: ['to'],
    registers,
  })
  return {
    requests,
    transitions,
    /** Read when asked for. */
    gauge(name: string, help: string, read: () => number) {
      new Gauge({
        name: `holdfast_${name}`,
        help,
        registers,
        collect() {
          this.set(read())
        },
      })
    },
    /** As `gauge`, of what only grows. */
    counter(name: string, help: string, read: () => number) {
      new Counter({
        name: `holdfast_${name}`,
        help,
        registers,
        collect() {
          this.reset()
          this.inc(read())
        },
      })
    },
    async read() {
      return { type: registry.contentType, text: await registry.metrics() }
    },
  }
}
