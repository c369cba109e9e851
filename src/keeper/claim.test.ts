/** Two hosts with one folder: each cannot see the other's kernel lock, so the claim decides who owns it. */
import { mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, describe, it } from 'vitest';
import { claimFolder, raiseClaim, releaseClaim, touchClaim } from './claim';
import type { ClaimOptions } from './claim';

const [ours, theirs, rebooted] = ['machine-boot1-net', 'container-boot1-other', 'machine-boot2-net'];
let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'claim-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const options = (host: string, more: Partial<ClaimOptions> = {}): ClaimOptions => ({
  dataDir,
  host,
  token: `${host} token`,
  now: Date.now,
  isLocal: true,
  watchMs: 0,
  ...more,
});
const claim = (host: string, more?: Partial<ClaimOptions>) => claimFolder(options(host, more));
const later = (ms: number) => ({ now: () => Date.now() + ms });
const heldElsewhere = { code: 'locked', data: { reason: 'other_host' } };

describe('a claim', () => {
  it('grows with every keeper, and one file of it is left', async () => {
    for (const generation of [1, 2, 3]) expect(await claim(ours)).toMatchObject({ generation, isTakenOver: false });
    expect(await readdir(dataDir)).toEqual(['keeper-3.claim']);
  });

  it('made by two hosts in the same moment is given to one of them', async () => {
    for (let round = 0; round < 20; round++) {
      await rm(path.join(dataDir, `keeper-${round}.claim`), { force: true });
      const results = await Promise.allSettled([
        claim(`a${round}-b-c`),
        claim(`d${round}-e-f`),
        claim(`g${round}-h-i`),
      ]);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const each of results) if (each.status === 'rejected') expect(each.reason).toMatchObject(heldElsewhere);
      for (const name of await readdir(dataDir)) await rm(path.join(dataDir, name));
    }
  });

  it('of a keeper that died on this host stands in nobody’s way', async () => {
    await claim(ours);
    expect(await claim(ours)).toMatchObject({ generation: 2, isTakenOver: false });
  });

  it('of another host is respected while it is fresh, and taken over when it is silent', async () => {
    await claim(theirs);
    await expect(claim(ours)).rejects.toMatchObject(heldElsewhere);
    await expect(claim(ours, later(9000))).rejects.toMatchObject(heldElsewhere);
    expect(await claim(ours, later(11_000))).toMatchObject({ generation: 2, isTakenOver: true });
  });

  it('of another host that beats while it is watched is respected, whatever the clocks say', async () => {
    const first = await claim(theirs);
    const waiting = claim(ours, { ...later(3_600_000), watchMs: 200 });
    const beat = setInterval(() => void touchClaim(first, new Date()), 20);
    await expect(waiting).rejects.toMatchObject(heldElsewhere);
    clearInterval(beat);
  });

  it('with a time far in the future locks nobody out', async () => {
    const { file } = await claim(theirs);
    const tomorrow = new Date(Date.now() + 86_400_000);
    await utimes(file, tomorrow, tomorrow);
    expect(await claim(ours)).toMatchObject({ generation: 2, isTakenOver: true });
  });

  it('that was given back is followed at once, without a take-over', async () => {
    await releaseClaim(await claim(theirs), { host: theirs, token: 't' });
    expect(await claim(ours)).toMatchObject({ generation: 2, isTakenOver: false });
  });

  it('of this machine before it was started anew is dead, on a disk of its own only', async () => {
    await claim(ours);
    expect(await claim(rebooted)).toMatchObject({ generation: 2, isTakenOver: false });
    await expect(claim('machine-boot3-net', { isLocal: false })).rejects.toMatchObject(heldElsewhere);
  });

  it('that is half written counts as one of another host', async () => {
    await writeFile(path.join(dataDir, 'keeper-7.claim'), '{"ho');
    await expect(claim(ours)).rejects.toMatchObject(heldElsewhere);
    expect(await claim(ours, later(11_000))).toMatchObject({ generation: 8, isTakenOver: true });
  });

  it('respects a keeper of version 0.1.0, which has a keeper.json only', async () => {
    await writeFile(
      path.join(dataDir, 'keeper.json'),
      JSON.stringify({ endpoint: 'e', token: 't', protocolVersion: 1, pid: 1, host: 'another' }),
    );
    await expect(claim(ours)).rejects.toMatchObject(heldElsewhere);
  });

  it('can be raised above a number that is known from elsewhere', async () => {
    const first = await claim(ours);
    const raised = await raiseClaim(first, { host: ours, token: 't' }, 40);
    expect(raised.generation).toBe(41);
    expect(JSON.parse(await readFile(raised.file, 'utf8'))).toEqual({ host: ours, token: 't' });
    expect(await claim(ours)).toMatchObject({ generation: 42 });
  });
});
