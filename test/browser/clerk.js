// A clerk at the counter, who has a keyboard and no mouse. Every key is counted:
// the characters of the data, and what is pressed beyond them.

export class Clerk {
  constructor(page) {
    Object.assign(this, { page, beyond: 0, data: 0, waited: 0, pressed: [] });
  }

  // press presses a key that is no data.
  async press(key) {
    this.beyond += 1;
    this.pressed.push(key);
    await this.page.keyboard.press(key);
  }

  // types types a value, faster than any hand.
  async types(value) {
    this.data += value.length;
    await this.page.keyboard.type(value);
  }

  // answers types a value and goes on.
  async answers(value) {
    await this.types(value);
    await this.press('Enter');
  }

  // scans is what a scanner does: it types, and ends with Enter.
  async scans(text) {
    await this.page.keyboard.type(text);
    await this.page.keyboard.press('Enter');
  }

  // waits for something to be there, and counts the time.
  async waits(locator) {
    const from = performance.now();
    await locator.waitFor();
    this.waited += performance.now() - from;
  }

  // at is the name of the box that has the focus, once it is known which is next.
  async at() {
    await this.page.waitForFunction(() => !document.querySelector('form[aria-busy]'));
    return this.page.evaluate(() => document.activeElement.name || document.activeElement.tagName);
  }
}
