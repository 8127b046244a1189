// The shape of node-postgres, without a database: a pool that knows how many queries it was asked.
exports.Pool = class Pool {
  #queries = 0;
  #ended = false;

  async query(text) {
    if (this.#ended) throw new Error('Cannot use a pool after calling end on the pool');
    this.#queries += 1;
    return { rows: [{ text, queries: this.#queries }] };
  }

  async end() {
    this.#ended = true;
  }
};
