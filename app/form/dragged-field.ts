/** The kind of thing that is dragged out of the tree: a path of what is upstream. Lower case, as browsers report it. */
export const DRAGGED_FIELD = "application/x-playgraph-field";
