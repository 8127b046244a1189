//! Tables of small graphs and what must come of them, in the notation of [`notation`].

mod notation;

mod edges;

mod resolve;

mod names;

mod link;

mod order;

mod plan;

mod rebind;

mod reference;

mod scale;
