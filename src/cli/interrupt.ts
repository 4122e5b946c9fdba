let controller: AbortController | undefined;

/** A signal that Ctrl-C aborts, so that a long step stops cleanly and leaves nothing half written. */
export function cancelOnInterrupt(): AbortSignal {
  if (controller === undefined) {
    const made = new AbortController();
    process.once('SIGINT', () => made.abort());
    controller = made;
  }
  return controller.signal;
}
