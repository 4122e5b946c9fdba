/** Told what is being computed, and how much of it is done. */
export type OnProgress = (step: string, done: number) => void;
