'use strict';

// Anyone may create, read and list, as the other peers allow it: no token is
// looked up.
const open = { auth: false };

module.exports = require('@strapi/strapi').factories.createCoreRouter('api::application.application', {
  only: ['create', 'findOne', 'find'],
  config: { create: open, findOne: open, find: open },
});
