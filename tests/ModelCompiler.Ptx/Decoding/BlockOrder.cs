namespace ModelCompiler.Ptx.Decoding;

/// <summary>
/// An order of basic blocks in which every block stands behind those that lead to it, but for the ends of loops, and a loop stands together: threads that
/// parted meet again at the first block that all of them come to, if those that are furthest back go first. Bourdoncle's weak topological order.
/// </summary>
internal sealed class BlockOrder
{
    private readonly IReadOnlyList<int>[] _next;
    private readonly List<int> _order = [];

    private BlockOrder(IReadOnlyList<int>[] next) => _next = next;

    /// <param name="next">For each block those that may follow; block 0 is the first.</param>
    /// <returns>The blocks that are reached.</returns>
    public static IReadOnlyList<int> Of(IReadOnlyList<int>[] next)
    {
        var order = new BlockOrder(next);
        order.Visit([.. Enumerable.Range(0, next.Length)], 0);
        return order._order;
    }

    // The components of the blocks that are reached from one, each of them a block or a loop whose head is taken out.
    private void Visit(HashSet<int> blocks, int first)
    {
        foreach (var component in Components(blocks, first))
        {
            var head = component[^1]; // the one that was entered first
            _order.Add(head);
            blocks.Remove(head);
            if (component.Count > 1)
            {
                var inside = component.ToHashSet();
                inside.Remove(head);
                while (inside.Count > 0)
                {
                    // Only blocks that are reached from the head are there; what it does not lead to at once is reached from what it does.
                    var start = _next[head].FirstOrDefault(inside.Contains, inside.First());
                    var before = _order.Count;
                    Visit([.. inside], start);
                    inside.ExceptWith(_order.Skip(before));
                }
            }
        }
    }

    // Tarjan's, without recursion; components in topological order, the block that was entered first last in each.
    private List<List<int>> Components(HashSet<int> blocks, int first)
    {
        var (index, low, open) = (new Dictionary<int, int>(), new Dictionary<int, int>(), new Stack<int>());
        var result = new List<List<int>>();
        var isOpen = new HashSet<int>();
        var work = new Stack<(int Block, int Next)>();
        Enter(first);
        while (work.TryPop(out var at))
        {
            var (block, number) = at;
            if (number > 0)
            {
                var done = _next[block][number - 1];
                low[block] = isOpen.Contains(done) ? Math.Min(low[block], low[done]) : low[block];
            }

            while (number < _next[block].Count && !(blocks.Contains(_next[block][number]) && !index.ContainsKey(_next[block][number])))
            {
                low[block] = isOpen.Contains(_next[block][number]) ? Math.Min(low[block], index[_next[block][number]]) : low[block];
                number++;
            }

            if (number < _next[block].Count)
            {
                work.Push((block, number + 1));
                Enter(_next[block][number]);
            }
            else if (low[block] == index[block])
            {
                var component = new List<int>();
                do
                {
                    component.Add(open.Peek());
                    isOpen.Remove(open.Peek());
                }
                while (open.Pop() != block);
                result.Insert(0, component);
            }
        }

        return result;

        void Enter(int block)
        {
            index[block] = low[block] = index.Count;
            open.Push(block);
            isOpen.Add(block);
            work.Push((block, 0));
        }
    }
}
