export { type Delivery, type DeliveryFigures, type DeliveryOptions, type MailServer, openDelivery } from './delivery.ts'
export type { Lane, Message, Outcome, Receipt, Timers } from './message.ts'
export type { TransportStatus } from './transport-health.ts'
