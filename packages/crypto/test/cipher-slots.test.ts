import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FastModule } from '../src/cipher/fast/module.ts';
import { type SlotHolder, Slots } from '../src/cipher/fast/slots.ts';

const COUNT = 4;
const holder = (): SlotHolder => ({ slot: 0, used: false });

function fullSlots(): { slots: Slots; holders: SlotHolder[]; wiped: number[] } {
  const wiped: number[] = [];
  const run = { wipe: (slot: number) => wiped.push(slot) };
  const module = { run, bytes: new Uint8Array(10 * (COUNT + 1)), slotsAt: 10, slotLength: 10 };
  const slots = new Slots(module as unknown as FastModule);
  const holders = Array.from({ length: COUNT }, holder);
  for (const each of holders) slots.claim(each);
  return { slots, holders, wiped };
}

test('when the slots run out, the one whose key was not used is wiped and taken', () => {
  const { slots, holders, wiped } = fullSlots();
  for (const [i, each] of holders.entries()) each.used = i !== 1;
  const slot = slots.claim(holder());
  assert.deepEqual(wiped, [slot]);
  assert.deepEqual(
    holders.map((each) => each.slot === 0),
    [false, true, false, false],
  );
});

test('a slot just claimed is not taken away by the next claims, wherever the hand stands', () => {
  for (let place = 0; place < COUNT; place += 1) {
    for (let turns = 0; turns < COUNT; turns += 1) {
      const { slots, holders } = fullSlots();
      for (let turn = 0; turn < turns; turn += 1) {
        holders[turn]!.used = false;
        const next = holder();
        slots.claim(next);
        holders[turn] = next;
      }
      slots.release(holders[place]!);
      for (const each of holders) each.used = true;
      const [first, second, third] = [holder(), holder(), holder()];
      for (const each of [first, second, third]) slots.claim(each);
      assert.equal(new Set([first.slot, second.slot, third.slot, 0]).size, 4);
    }
  }
});
