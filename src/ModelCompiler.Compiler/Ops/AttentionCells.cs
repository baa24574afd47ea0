using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>Where a row of a kernel is whose rows are the queries and keys of each head: ((sample x heads + head) x queries + query) x keys + key.</summary>
internal sealed record AttentionCells(AttentionOptions Options, Extent Queries, Extent Keys)
{
    public Position Key => Position.Row % Position.Of(Keys);

    public Position Query => QueryRow % Position.Of(Queries);

    public Position Head => HeadRow % Options.Heads;

    public Position Sample => HeadRow / Options.Heads;

    /// <summary>A query of a head of a sample: where the log of its sum is.</summary>
    public Position QueryRow => Position.Row / Position.Of(Keys);

    private Position HeadRow => QueryRow / Position.Of(Queries);

    /// <summary>[batch, heads, queries, keys].</summary>
    public Shape Of(Shape queries) => new(queries.Axes[0], new Axis("head", Options.Heads), new Axis("query", Queries), new Axis("key", Keys));
}
