import { type Flow, flow, fuse, type Stage } from "sluice";
import {
  type Changes,
  type DeepPartial,
  listChanges,
  partialJSON,
  type Selected,
  type Snapshot,
  type StandardSchema,
  selectJSON,
  validate,
} from "sluice/json";
import { expectTypeOf, test } from "vitest";

// Checked by the compiler: half of a value cannot be taken for the whole.

interface Order {
  id: number;
  status: "open" | "paid";
  note: string | null;
  items: { name: string; price: number }[];
  size: [width: number, height: number];
}

declare const snapshot: Snapshot<Order>;

test("only done: true makes the value whole", () => {
  () => {
    if (snapshot.done) expectTypeOf(snapshot.value).toEqualTypeOf<Order>();
    else expectTypeOf(snapshot.value).toEqualTypeOf<DeepPartial<Order>>();
    const execute = (order: Order): unknown => order;
    // @ts-expect-error: it may be half of an order
    execute(snapshot.value);
    const { value, done } = snapshot;
    if (done) execute(value);
  };
});

test("what is partial", () => {
  expectTypeOf<DeepPartial<Order>>().toEqualTypeOf<{
    readonly id?: number;
    readonly status?: string; // "op" is no status yet
    readonly note?: string | null;
    readonly items?: readonly { readonly name?: string; readonly price?: number }[];
    readonly size?: readonly [width?: number, height?: number];
  }>();
  expectTypeOf<DeepPartial<string[]>>().toEqualTypeOf<readonly string[]>();
  expectTypeOf<DeepPartial<number | boolean | null>>().toEqualTypeOf<number | boolean | null>();
  expectTypeOf<DeepPartial<unknown>>().toEqualTypeOf<unknown>();
  expectTypeOf<DeepPartial<Record<string, Order[]>>[string]>().toEqualTypeOf<
    readonly DeepPartial<Order>[] | undefined
  >();
});

test("a union is partial in each of its members", () => {
  type Shape = { kind: "circle"; radius: number } | { kind: "square"; side: number };
  expectTypeOf<DeepPartial<Shape>>().toEqualTypeOf<
    { readonly kind?: string; readonly radius?: number } | { readonly kind?: string; readonly side?: number }
  >();
});

test("a type that contains itself", () => {
  interface Tree {
    name: string;
    children: Tree[];
  }
  expectTypeOf<DeepPartial<Tree>["children"]>().toEqualTypeOf<readonly DeepPartial<Tree>[] | undefined>();
});

test("a whole value is a partial one", () => {
  expectTypeOf<Order>().toExtend<DeepPartial<Order>>();
  expectTypeOf<DeepPartial<Order>>().not.toExtend<Order>();
});

test("what the stages give", () => {
  expectTypeOf(partialJSON<Order>()).toEqualTypeOf<Stage<string, Snapshot<Order>>>();
  expectTypeOf(partialJSON<Order>({ mutable: true })).toEqualTypeOf<Stage<string, Snapshot<Order>>>();
  expectTypeOf(partialJSON<Order>({ changes: listChanges })).toEqualTypeOf<Stage<string, Snapshot<Order> & Changes>>();
  expectTypeOf(partialJSON()).toEqualTypeOf<Stage<string, Snapshot<unknown>>>();
  expectTypeOf(selectJSON<Order>("$")).toEqualTypeOf<Stage<string, Order>>();
  expectTypeOf(selectJSON(["$.a", "$.b"])).toEqualTypeOf<Stage<string, Selected<"$.a" | "$.b">>>();
  expectTypeOf(selectJSON(["$.a"])).toExtend<Stage<string, { path: string; value: unknown }>>();
});

test("a schema types the whole value by what it gives, and the others by what it takes", () => {
  () => {
    const schema = {} as StandardSchema<{ day: string }, { day: Date }>;
    type Validated = Snapshot<{ day: string }, { day: Date }>;
    expectTypeOf(validate(schema)).toEqualTypeOf<Stage<Snapshot<unknown>, Validated>>();
    expectTypeOf(fuse(partialJSON(), validate(schema))).toEqualTypeOf<Stage<string, Validated>>();
    expectTypeOf(fuse(partialJSON({ changes: listChanges }), validate(schema))).toEqualTypeOf<
      Stage<string, Validated & Changes>
    >();
    expectTypeOf(flow("", partialJSON(), validate(schema))).toEqualTypeOf<Flow<Validated>>();
    expectTypeOf(flow("", partialJSON({ changes: listChanges }), validate(schema))).toEqualTypeOf<
      Flow<Validated & Changes>
    >();
    const snapshots = new ReadableStream<Snapshot<unknown> & Changes>();
    expectTypeOf(snapshots.pipeThrough(validate(schema))).toEqualTypeOf<ReadableStream<Validated & Changes>>();
    // @ts-expect-error: a value is no snapshot
    fuse(selectJSON("$"), validate(schema));
  };
});
