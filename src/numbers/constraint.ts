/** A twin met inputs that its circuit has no witness for. `template` is the circom template that refuses. */
export class ConstraintViolation extends Error {
  override readonly name = 'ConstraintViolation';
  readonly template: string;

  constructor(template: string, what: string) {
    super(`${template}: ${what}`);
    this.template = template;
  }
}

/** Throws ConstraintViolation unless `holds`. */
export function constrain(holds: boolean, template: string, what: string): asserts holds {
  if (!holds) throw new ConstraintViolation(template, what);
}
