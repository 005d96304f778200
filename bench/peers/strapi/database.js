// One SQLite file in the folder that the bench gives; the driver is the one
// that Strapi's own starter takes. The pool is Strapi's: one connection.
module.exports = ({ env }) => ({
  connection: {
    client: 'sqlite',
    connection: { filename: env('DATA') },
    useNullAsDefault: true,
  },
});
