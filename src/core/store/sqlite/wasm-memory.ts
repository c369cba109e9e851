/** The memory of sql.js's WebAssembly module, as its file calls read and write it. */
export class WasmMemory {
  #memory: WebAssembly.Memory | undefined;
  bytes = new Uint8Array(0);
  view = new DataView(new ArrayBuffer(0));

  attach(memory: WebAssembly.Memory): void {
    this.#memory = memory;
  }

  /** WASM memory moves when it grows, so the views are renewed before every use. */
  refresh(): void {
    const buffer = (this.#memory as WebAssembly.Memory).buffer;
    if (this.bytes.buffer === buffer) return;
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
  }

  text(pointer: number): string {
    this.refresh();
    return Buffer.from(this.bytes.buffer, pointer, this.bytes.indexOf(0, pointer) - pointer).toString('utf8');
  }

  /** Writes a stat structure of Emscripten; returns 0, like a successful call. */
  writeStat(
    at: number,
    stat: {
      dev: number;
      ino: number;
      mode: number;
      nlink: number;
      size: number;
      atimeMs: number;
      mtimeMs: number;
      ctimeMs: number;
    },
  ): number {
    this.refresh();
    const view = this.view;
    this.bytes.fill(0, at, at + 96);
    view.setUint32(at, stat.dev >>> 0, true);
    view.setUint32(at + 4, stat.mode, true);
    view.setUint32(at + 8, stat.nlink, true);
    view.setBigInt64(at + 24, BigInt(stat.size), true);
    view.setUint32(at + 32, 4096, true);
    view.setUint32(at + 36, Math.ceil(stat.size / 512), true);
    for (const [offset, time] of [
      [40, stat.atimeMs],
      [56, stat.mtimeMs],
      [72, stat.ctimeMs],
    ] as const) {
      view.setBigInt64(at + offset, BigInt(Math.floor(time / 1000)), true);
      view.setUint32(at + offset + 8, Math.floor(time % 1000) * 1_000_000, true);
    }
    view.setBigInt64(at + 88, BigInt(Math.floor(stat.ino)), true);
    return 0;
  }

  /** Visits the buffers of a vectored read or write until `move` returns false. */
  eachVector(vectors: number, count: number, move: (pointer: number, length: number) => boolean): void {
    for (let index = 0; index < count; index++) {
      const pointer = this.view.getUint32(vectors + 8 * index, true);
      const length = this.view.getUint32(vectors + 8 * index + 4, true);
      if (length > 0 && !move(pointer, length)) return;
    }
  }
}
