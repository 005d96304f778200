// A person who sees nothing and uses no mouse: what a screen reader says of a
// page, and how one gets about with the keyboard alone.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const reader = createRequire(import.meta.url).resolve('@guidepup/virtual-screen-reader').replace(/lib\/.*$/, 'lib/esm/index.browser.js');

// Listener reads pages of one context, whose policy for scripts is off: the
// reader is a script of its own.
export class Listener {
  constructor(page) {
    this.page = page;
    this.heard = [];
  }

  // open serves the reader to every page from an address of its own.
  async open() {
    const body = await readFile(reader, 'utf8');
    await this.page.route('**/reader-of-the-test.js', (route) => route.fulfill({ contentType: 'text/javascript', body }));
    return this;
  }

  // keeps adds to the transcript what the reader says of a page: all of it, or
  // of its main part.
  async keeps(name, part = 'main') {
    this.heard.push(`# ${name}`, ...await this.hears(part), '');
  }

  // hears is what the reader says of a part of the page, first word to last.
  async hears(part = 'main') {
    const phrases = await this.page.evaluate(async (part) => {
      const { virtual } = await import('/reader-of-the-test.js');
      await virtual.start({ container: document.querySelector(part) });
      const first = await virtual.lastSpokenPhrase();
      for (let steps = 0; steps < 2000 && await virtual.lastSpokenPhrase() !== `end of ${first}`; steps += 1) await virtual.next();
      const said = await virtual.spokenPhraseLog();
      await virtual.stop();
      return said;
    }, part);
    assert.equal(phrases.at(-1), `end of ${phrases[0]}`, 'the page has no end');
    return phrases.map(plain);
  }

  // transcript is all that was heard.
  transcript() { return this.heard.join('\n'); }

  // reaches presses Tab until it stands on what bears these words. Whoever has
  // to press it more often than there are stops on a page has been caught.
  async reaches(words, { within = '', field = false } = {}) {
    for (let presses = 0; presses < 120; presses += 1) {
      await this.page.keyboard.press('Tab');
      const on = await this.page.evaluate(standing);
      if (on.name.startsWith(words) && on.group.startsWith(within) && on.field === field) return on;
    }
    throw new Error(`the keyboard does not reach "${words}"`);
  }

  async types(label, text, within) {
    await this.reaches(label, { within, field: true });
    await this.page.keyboard.type(text);
  }

  async ticks(words) {
    for (;;) {
      const on = await this.reaches(words, { field: true });
      if (on.box) break;
    }
    await this.page.keyboard.press('Space');
  }

  async presses(words) {
    const on = await this.reaches(words);
    assert.ok(on.ring, `nothing shows that "${words}" has the keyboard`);
    await this.page.keyboard.press('Enter');
  }

  // chooses goes to a question's first choice and on with the arrows.
  async chooses(question, choice) {
    await this.reaches('', { within: question, field: true });
    for (let steps = 0; steps < 40; steps += 1) {
      await this.page.keyboard.press(steps === 0 ? 'Space' : 'ArrowDown');
      const on = await this.page.evaluate(standing);
      if (on.name.startsWith(choice)) return;
    }
    throw new Error(`the arrows do not reach "${choice}"`);
  }
}

// standing says where the keyboard is: the name of the element, its group, and
// whether anything shows it.
function standing() {
  const e = document.activeElement;
  const name = e.labels?.[0]?.innerText ?? e.getAttribute('aria-label') ?? e.innerText ?? '';
  const group = e.closest('fieldset')?.querySelector('legend')?.innerText ?? '';
  const style = getComputedStyle(e);
  const field = e.matches('input, select, textarea');
  return { field, box: e.type === 'checkbox', name: name.trim(), group: group.trim(), ring: style.outlineStyle !== 'none' || style.boxShadow !== 'none' };
}

// plain is a phrase without what differs from one run to the next.
function plain(phrase) {
  return phrase
    .replace(/[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]\b/g, 'KODE')
    .replace(/\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b/g, 'RAHASIA')
    .replace(/\b(Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu),? /g, '')
    .replace(/\b\d{1,2} (Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember) 20\d\d\b/g, 'TANGGAL')
    .replace(/\b(pukul |jam )?\d{2}[.:]\d{2}( WIB)?\b/g, 'JAM')
    .replace(/127\.0\.0\.1:\d+/g, 'ALAMAT');
}
