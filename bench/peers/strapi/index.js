'use strict';

// Rows to read are made by one statement, with ids that the bench can name;
// they have the same fields as what is handed in.
const seed = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
  INSERT INTO applications (document_id, name, nik, birth_place, birth_date, sex, phone, region, street, rt, rw,
    lives_since, occupation, purpose, surat_pengantar, ktp, declaration, created_at, updated_at, published_at)
  SELECT printf('bench%019d', i), 'Sekar Wulandari', printf('336001570495%04d', i % 10000), 'Kawungraya', '1995-04-17', 'perempuan',
    printf('+62812000%05d', i % 100000), '33.60.01.1001', 'Jalan Melati 4', 2, 5, '2020-01-01', 'bekerja', 'bank',
    '["counter"]', '["counter"]', 1, 1760000000000 + i, 1760000000000 + i, 1760000000000 + i
  FROM n WHERE NOT EXISTS (SELECT 1 FROM applications)`;

module.exports = {
  register() {},

  // Strapi leaves SQLite's own defaults: a rollback journal, synced. WAL with a
  // sync at every commit is as durable and faster, so that is what it gets.
  async bootstrap({ strapi }) {
    const db = strapi.db.connection;
    await db.raw('PRAGMA journal_mode = WAL');
    await db.raw('PRAGMA synchronous = FULL');
    const [{ journal_mode: journal }] = await db.raw('PRAGMA journal_mode');
    const [{ synchronous }] = await db.raw('PRAGMA synchronous');
    if (journal !== 'wal' || synchronous !== 2) {
      throw new Error(`journal_mode is ${journal}, synchronous is ${synchronous}: an answered write may be lost`);
    }
    await db.raw('CREATE INDEX IF NOT EXISTS application_created ON applications (created_at)');
    await db.raw('CREATE INDEX IF NOT EXISTS application_document ON applications (document_id)');
    await db.raw(seed, [Number(process.env.ROWS)]);
  },
};
