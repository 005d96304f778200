// Where it listens, and the keys that a start wants; nothing here is secret.
module.exports = ({ env }) => ({
  host: '127.0.0.1',
  port: env.int('PORT'),
  app: { keys: ['bench-one', 'bench-two'] },
  logger: { startup: { enabled: false }, updates: { enabled: false } },
});
