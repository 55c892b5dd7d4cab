export { type OrdinaryUser, ordinaryUser } from './ordinary-user.ts'
export { createTestDatabase, type TestDatabase, type TestDatabaseOptions } from './test-database.ts'
export { makeTestFolder, removeTestFolder } from './test-folder.ts'
export { startTestPostgres, type TestPostgres } from './test-postgres.ts'
