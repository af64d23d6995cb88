import controlPlane from './models/control-plane.model.json' with { type: 'json' };
import dataPlane from './models/data-plane.model.json' with { type: 'json' };

/** A member of a structure; `location` is `uri` for the part of the path that a label stands for. */
interface Member {
  readonly shape: string;
  readonly location?: 'uri';
}

/** One shape of a service model: its type and the constraints that AWS puts on it. */
export interface Shape {
  readonly type: 'structure' | 'list' | 'map' | 'string' | 'integer' | 'boolean' | 'timestamp';
  readonly members?: Readonly<Record<string, Member>>;
  readonly required?: readonly string[];
  readonly union?: boolean;
  readonly member?: Member;
  readonly key?: Member;
  readonly value?: Member;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  readonly sensitive?: boolean;
}

export interface Model {
  readonly operations: Readonly<
    Record<
      string,
      {
        readonly http: { readonly method: string; readonly requestUri: string };
        readonly input: { readonly shape: string };
        readonly output: { readonly shape: string };
        readonly errors: readonly { readonly shape: string }[];
      }
    >
  >;
  readonly shapes: Readonly<Record<string, Shape>>;
}

export type Plane = 'control' | 'data';

/** The service models of both planes. The compiler infers every literal of a JSON file, so its type is given here. */
export const MODELS: Readonly<Record<Plane, Model>> = {
  control: controlPlane as unknown as Model,
  data: dataPlane as unknown as Model,
};
