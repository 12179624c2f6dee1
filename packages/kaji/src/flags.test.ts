import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeFlags, integer, parseFlags, text, toggle, UsageError } from './flags.ts';

const flags = { name: text('a name', 'kaji', { short: 'n' }), nodes: integer('a number', 1), noInstall: toggle('do not'), follow: toggle('follow', { short: 'f' }) };

describe('flags', () => {
  const good: readonly [string, readonly string[], object, readonly string[]][] = [
    ['have defaults', [], {}, []],
    ['take a value after = or as the next word', ['--name=a', '--nodes', '3'], { name: 'a', nodes: 3 }, []],
    ['keep further = in the value', ['--name=a=b'], { name: 'a=b' }, []],
    ['are switched on by their name and off by =false', ['--no-install', '--follow=false'], { noInstall: true }, []],
    ['have short forms, joined or not', ['-n', 'a', '-f'], { name: 'a', follow: true }, []],
    ['may be joined: switches, then one with a value', ['-fnabc'], { follow: true, name: 'abc' }, []],
    ['stand anywhere among arguments', ['x', '--follow', 'y'], { follow: true }, ['x', 'y']],
    ['end at --', ['x', '--', '--follow', '-n'], {}, ['x', '--follow', '-n']],
    ['leave a single dash as an argument', ['-'], {}, ['-']],
  ];
  for (const [name, argv, want, args] of good) {
    it(name, () => {
      const parsed = parseFlags(flags, argv);
      assert.deepEqual(parsed.flags, { name: 'kaji', nodes: 1, noInstall: false, follow: false, ...want });
      assert.deepEqual(parsed.args, args);
    });
  }

  const bad: readonly [string, readonly string[], string][] = [
    ['an unknown name', ['--nope=1'], 'unknown flag: --nope'],
    ['an unknown letter', ['-fx'], "unknown shorthand flag: 'x' in -fx"],
    ['no value', ['--name'], 'flag needs an argument: --name'],
    ['no value after a letter', ['-n'], "flag needs an argument: 'n' in -n"],
    ['no number', ['--nodes', 'many'], 'invalid argument "many" for "--nodes" flag: strconv.ParseInt: parsing "many": invalid syntax'],
    ['no truth', ['-f=maybe'], 'invalid argument "maybe" for "-f, --follow" flag: strconv.ParseBool: parsing "maybe": invalid syntax'],
  ];
  for (const [name, argv, message] of bad) it(`complain of ${name} as pflag does`, () => { assert.throws(() => parseFlags(flags, argv), new UsageError(message)); });

  it('leave the words of another program alone, and are their own before them', () => {
    const { args, flags: values } = parseFlags(flags, ['-f', 'node-1', '--name', 'x', 'ls', '-n', '--name=y'], { ownArguments: 1 });
    assert.deepEqual([args, values.name, values.follow], [['node-1', 'ls', '-n', '--name=y'], 'x', true]);
    assert.deepEqual(parseFlags(flags, ['node-1', '--', '--name', 'x'], { ownArguments: 1 }).args, ['node-1', '--name', 'x']);
  });

  it('are described in columns', () => {
    assert.equal(describeFlags({ name: flags.name, follow: flags.follow }), '  -f, --follow        follow\n  -n, --name string   a name (default "kaji")\n');
  });
});
