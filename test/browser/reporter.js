// Reports tests as lines of `go test -json`, so that one counter counts all.
// A test's name carries the names of those it stands in.
import { relative } from 'node:path';

export default async function* report(events) {
  const open = [];
  for await (const { type, data } of events) {
    if (type === 'test:start') {
      open.length = data.nesting;
      open.push(data.name);
    } else if (type === 'test:pass' || type === 'test:fail') {
      if (data.name === relative('.', data.file ?? '')) continue; // the file itself is no test
      const name = [...open.slice(0, data.nesting), data.name].join('/');
      const line = { Package: 'test/browser', Test: name, Elapsed: data.details.duration_ms / 1000 };
      if (type === 'test:fail') yield json({ ...line, Action: 'output', Output: why(data.details.error) });
      const skipped = data.skip !== undefined || data.todo !== undefined;
      yield json({ ...line, Action: type === 'test:fail' ? 'fail' : skipped ? 'skip' : 'pass' });
    } else if (type === 'test:stderr' || type === 'test:stdout') {
      yield json({ Package: 'test/browser', Action: 'output', Output: data.message });
    }
  }
}

const json = (value) => JSON.stringify(value) + '\n';

function why(error) {
  const cause = error?.cause ?? error;
  return `${cause?.stack ?? cause}\n`;
}
