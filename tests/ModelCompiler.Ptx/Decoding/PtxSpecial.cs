using ModelCompiler.Ptx.Machine;

namespace ModelCompiler.Ptx.Decoding;

/// <summary>Registers that the machine fills.</summary>
internal static class PtxSpecial
{
    public static bool IsOne(string name) => name is "WARP_SZ" || name.StartsWith("%tid.", StringComparison.Ordinal) || name.StartsWith("%ntid.", StringComparison.Ordinal)
        || name.StartsWith("%ctaid.", StringComparison.Ordinal) || name.StartsWith("%nctaid.", StringComparison.Ordinal) || name is "%laneid" or "%warpid" || name.StartsWith("%lanemask_", StringComparison.Ordinal);

    public static ulong Of(string name, Warp warp, int lane)
    {
        var (grid, group, thread) = (warp.Group.Grid, warp.Group.Size, warp.FirstThread + lane);
        return name switch
        {
            "%tid.x" => (ulong)(thread % group.X),
            "%tid.y" => (ulong)(thread / group.X % group.Y),
            "%tid.z" => (ulong)(thread / (group.X * group.Y)),
            "%ntid.x" => (ulong)group.X,
            "%ntid.y" => (ulong)group.Y,
            "%ntid.z" => (ulong)group.Z,
            "%ctaid.x" => (ulong)warp.Group.Index.X,
            "%ctaid.y" => (ulong)warp.Group.Index.Y,
            "%ctaid.z" => (ulong)warp.Group.Index.Z,
            "%nctaid.x" => (ulong)grid.X,
            "%nctaid.y" => (ulong)grid.Y,
            "%nctaid.z" => (ulong)grid.Z,
            "%laneid" => (ulong)lane,
            "%warpid" => (ulong)(warp.FirstThread / Warp.Size),
            "%lanemask_eq" => 1u << lane,
            "%lanemask_lt" => (1u << lane) - 1,
            "%lanemask_le" => (2u << lane) - 1,
            "%lanemask_gt" => ~((2u << lane) - 1),
            "%lanemask_ge" => ~((1u << lane) - 1),
            "WARP_SZ" => Warp.Size,
            _ => throw new PtxException($"{name} is not known"),
        };
    }
}

/// <summary>Sizes of a grid or of a group, and places in them.</summary>
internal readonly record struct Extent3(int X, int Y = 1, int Z = 1)
{
    public int Count => X * Y * Z;

    public Extent3 At(int number) => new(number % X, number / X % Y, number / (X * Y));
}
