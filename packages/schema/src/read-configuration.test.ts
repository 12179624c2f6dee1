import assert from 'node:assert/strict';
import { test } from 'node:test';
import { int32, message, string } from './field.ts';
import { readConfiguration } from './read-configuration.ts';

class PanelConfiguration extends message('test.v1.PanelConfiguration', { colour: string(1).default('red'), size: int32(2) }) {}

test('fills defaults and names what is not supported', () => {
  const { configuration, problems } = readConfiguration(PanelConfiguration, { kind: 'PanelConfiguration', size: 3, shape: 'round' });
  assert.deepEqual([configuration.colour, configuration.size, problems], ['red', 3, ['unknown field "shape"']]);
});

test('an absent file is all defaults', () => {
  assert.equal(readConfiguration(PanelConfiguration, undefined).configuration.colour, 'red');
});

test('refuses a file of another kind and values of another form', () => {
  assert.throws(() => readConfiguration(PanelConfiguration, { kind: 'Pod' }), /of kind "Pod"; a PanelConfiguration is needed/);
  assert.throws(() => readConfiguration(PanelConfiguration, { size: 'large' }), /cannot unmarshal string/);
});
