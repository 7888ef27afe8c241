import { nameOf } from "./events.js";
import type { ExportedState } from "./pending.js";

/**
 * What a stack's exported state says was deployed. Values have whatever form a provider gave them, and what is secret
 * stays encrypted: a reader gives nothing for what is not there in the form that it looks for.
 */

export type Props = Record<string, unknown>;

/** A resource of the state. */
export interface Deployed {
  urn: string;
  type: string;
  name: string;
  id: string;
  parent: string;
  outputs: Props;
  /** Inputs, and over them the outputs. */
  props: Props;
}

/** The resources of a state, without those that are only still to be deleted: what is replaced is in it twice. */
export function deployed({ deployment }: Partial<ExportedState>): Deployed[] {
  return (deployment?.resources ?? [])
    .filter((each) => each.delete !== true)
    .map(({ urn, type, id = "", parent = "", inputs, outputs = {} }) => ({
      ...{ urn, type, name: nameOf(urn), id, parent, outputs },
      props: { ...inputs, ...outputs },
    }));
}

/** The resources of a type. */
export function ofType<T extends Pick<Deployed, "type">>(resources: readonly T[], type: string): T[] {
  return resources.filter((each) => each.type === type);
}

/** A value as text; empty when there is none, or it is secret. */
export function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** A value as a number; the service's default when there is none. */
export function numberOf(value: unknown, otherwise: number): number {
  const text = textOf(value);
  return text === "" ? otherwise : Number(text);
}

/** A value as a list of objects. */
export function listOf(value: unknown): Props[] {
  return Array.isArray(value) ? (value as Props[]) : [];
}

/** A value as an object; empty when there is none. */
export function objectOf(value: unknown): Props {
  return typeof value === "object" && value !== null ? (value as Props) : {};
}

/** What stands at a path, through every element of the lists on the way. */
export function every(value: unknown, ...path: string[]): unknown[] {
  const spread = (one: unknown): unknown[] =>
    Array.isArray(one) ? one : one === undefined || one === null ? [] : [one];
  return path.reduce<unknown[]>(
    (values, key) => values.flatMap((one) => spread(objectOf(one)[key])),
    spread(value),
  );
}

/** The texts at a path. */
export function texts(value: unknown, ...path: string[]): string[] {
  return every(value, ...path)
    .map(textOf)
    .filter((text) => text !== "");
}
