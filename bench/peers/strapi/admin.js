// The admin panel as shipped, without news and promotion of the maker.
module.exports = () => ({
  auth: { secret: 'bench-admin' },
  apiToken: { salt: 'bench-token' },
  secrets: { encryptionKey: 'bench-encryption-key-of-32-bytes' },
  transfer: { token: { salt: 'bench-transfer' } },
  flags: { nps: false, promoteEE: false },
});
