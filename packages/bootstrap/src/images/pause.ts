/** The image of a pod's sandbox: a program that holds the pod's namespaces and reaps its orphans, in under 200 bytes of code and data. */
import { assert } from '@kaji/base';
import type { Image } from './oci.ts';

/** Machine code: `sigaction(SIGCHLD, SIG_IGN)`, so that the kernel reaps every child, then wait for signals for ever. */
const programs: Readonly<Record<string, { readonly machine: number; readonly code: readonly number[] }>> = {
  amd64: {
    machine: 0x3e,
    code: [
      0xb8, 0x0d, 0x00, 0x00, 0x00, //             mov  eax, 13 (rt_sigaction)
      0xbf, 0x11, 0x00, 0x00, 0x00, //             mov  edi, 17 (SIGCHLD)
      0x48, 0x8d, 0x35, 0x13, 0x00, 0x00, 0x00, // lea  rsi, [rip + 19] (the action, behind the code)
      0x31, 0xd2, //                               xor  edx, edx
      0x41, 0xba, 0x08, 0x00, 0x00, 0x00, //       mov  r10d, 8 (bytes in a signal set)
      0x0f, 0x05, //                               syscall
      0xb8, 0x22, 0x00, 0x00, 0x00, //             mov  eax, 34 (pause)
      0x0f, 0x05, //                               syscall
      0xeb, 0xf7, //                               jmp  back to mov eax, 34
    ],
  },
  arm64: {
    machine: 0xb7,
    code: words(
      0xd28010c8, // mov x8, 134 (rt_sigaction)
      0xd2800220, // mov x0, 17 (SIGCHLD)
      0x10000181, // adr x1, 48 bytes on (the action, behind the code)
      0xd2800002, // mov x2, 0
      0xd2800103, // mov x3, 8 (bytes in a signal set)
      0xd4000001, // svc 0
      0xd2800000, // mov x0, 0
      0xd2800001, // mov x1, 0
      0xd2800002, // mov x2, 0
      0xd2800003, // mov x3, 0
      0xd2800004, // mov x4, 0
      0xd2800928, // mov x8, 73 (ppoll, of nothing and without an end)
      0xd4000001, // svc 0
      0x17fffff9, // b   back to mov x0, 0
    ),
  },
};

const loadAddress = 0x400000n;
const headerBytes = 64 + 56;
/** The kernel's struct sigaction: handler, flags, restorer, mask, 8 bytes each. Handler 1 is SIG_IGN. */
const action: readonly number[] = Array.from({ length: 32 }, (_, index) => (index === 0 ? 1 : 0));

/** A static ELF executable of one segment. */
export function pauseProgram(architecture: string): Uint8Array {
  const program = programs[architecture];
  assert(program !== undefined, `no pause program for ${architecture}`);
  const bytes = new Uint8Array(headerBytes + program.code.length + action.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]); // ELF, 64 bits, little-endian, version 1
  view.setUint16(16, 2, true); // an executable
  view.setUint16(18, program.machine, true);
  view.setUint32(20, 1, true);
  view.setBigUint64(24, loadAddress + BigInt(headerBytes), true); // entry point
  view.setBigUint64(32, 64n, true); // where the program headers begin
  view.setUint16(52, 64, true); // size of this header
  view.setUint16(54, 56, true); // size of a program header
  view.setUint16(56, 1, true); // number of program headers
  view.setUint32(64, 1, true); // a segment to load
  view.setUint32(68, 5, true); // readable and executable
  view.setBigUint64(80, loadAddress, true);
  view.setBigUint64(88, loadAddress, true);
  view.setBigUint64(96, BigInt(bytes.length), true);
  view.setBigUint64(104, BigInt(bytes.length), true);
  view.setBigUint64(112, 0x1000n, true); // alignment
  bytes.set(program.code, headerBytes);
  bytes.set(action, headerBytes + program.code.length);
  return bytes;
}

export const pauseImageName = 'localhost/kaji/pause:1';

export function pauseImage(architecture: string): Image {
  return {
    name: pauseImageName,
    architecture,
    layers: [[{ path: 'pause', content: pauseProgram(architecture), mode: 0o755 }]],
    config: { Entrypoint: ['/pause'], User: '65535:65535' },
  };
}

function words(...values: readonly number[]): readonly number[] {
  return values.flatMap((value) => [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24]);
}
