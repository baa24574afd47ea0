using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelCompiler.Numerics.Tests;

/// <summary>What the PTX of a kernel must not have: what drivers refuse, what is slow, and what ILGPU gets wrong.</summary>
internal static partial class PtxRules
{
    /// <summary>Shared memory that a launch has without asking the driver for more, in bytes.</summary>
    public const int SharedLimit = 48 * 1024;

    private static readonly (Regex Sight, string Message)[] s_words =
    [
        (new Regex(@"\.extern\s+\.func|__ilgpu__nv_"), "calls what no library has"),
        (new Regex(@"^\s*(@\S+\s+)?call\b(?!.*\bDraw_\d+)", RegexOptions.Multiline), "calls what should have been inlined"),
        (new Regex(@"\.local\b"), "keeps values of a thread in memory instead of registers"),
        (new Regex(@"\b(bra|brx\.idx|call)\.uni\b"), "has a branch that is marked as uniform"),
        (new Regex(@"\.f64\b"), "computes in double"),
        (new Regex(@"\.f16(x2)?\b"), "computes in half precision, which other devices may not have"),
        (new Regex(@"^\s*(@\S+\s+)?(ld|st)\.(v[24]\.)?[busf]\d+\b", RegexOptions.Multiline), "has a pointer of which nobody knows what it points to"),
        (new Regex(@"(?<!\bex2)\.approx\b|\bex2\.approx\b(?![\s\S]*\.bf16\.bf16\.)"), "uses the device's approximation of a function"),
        (new Regex(@"\.(max|min)\.f32|\b(max|min)\.f32"), "uses the device's greatest or least, which drops NaN"),
    ];

    /// <summary>What is wrong with a kernel; nothing: all is well.</summary>
    /// <param name="hasQuads">Whether it reads a matrix four floats at once.</param>
    public static IReadOnlyList<string> Broken(string ptx, bool hasQuads = false)
    {
        var broken = s_words.Where(w => w.Sight.IsMatch(ptx)).Select(static w => w.Message).ToList();
        if (SharedMemory().Matches(ptx).Sum(static m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)) is > SharedLimit and var bytes)
        {
            broken.Add($"has {bytes} bytes of shared memory");
        }

        if (hasQuads && !FourAtOnce().IsMatch(ptx))
        {
            broken.Add("reads one float where there are four");
        }

        if (ReadsBehindLastBarrier(ptx))
        {
            broken.Add("reads shared memory behind the last barrier of a loop");
        }

        return broken;
    }

    /// <summary>Whether a turn of a loop with barriers may end with a read of shared memory that no barrier follows: the next turn may overwrite it first.</summary>
    public static bool ReadsBehindLastBarrier(string ptx)
    {
        if (!ptx.Contains("bar.sync", StringComparison.Ordinal))
        {
            return false;
        }

        var flow = new PtxFlow(ptx);
        return flow.Loops().Any(loop => loop.Blocks.Any(b => flow.Lines(b).Any(IsBarrier)) && EndsWithRead(flow, loop.Ends, loop.Blocks));
    }

    // Backwards from the end of a turn, as far as the nearest barriers.
    private static bool EndsWithRead(PtxFlow flow, IReadOnlyList<int> ends, IReadOnlyList<int> loop)
    {
        var seen = new HashSet<int>();
        var open = new Stack<int>(ends);
        while (open.TryPop(out var block))
        {
            if (!seen.Add(block))
            {
                continue;
            }

            var lines = flow.Lines(block).Reverse().TakeWhile(static l => !IsBarrier(l)).ToArray();
            if (lines.Any(static l => l.Contains("ld.shared", StringComparison.Ordinal) || l.Contains("ldmatrix", StringComparison.Ordinal)))
            {
                return true;
            }

            if (lines.Length == flow.Lines(block).Count && block != loop[0])
            {
                foreach (var before in flow.Before(block).Where(loop.Contains))
                {
                    open.Push(before);
                }
            }
        }

        return false;
    }

    private static bool IsBarrier(string line) => line.Contains("bar.sync", StringComparison.Ordinal);

    [GeneratedRegex(@"\bld\.global\.v4\.[bfu]32\b|\bcp\.async\.c[ag]\.shared\.global\s.*,\s*16\b")]
    private static partial Regex FourAtOnce();

    [GeneratedRegex(@"\.shared\s+\.align\s+\d+\s+\.b8\s+\w+\[(\d+)\]")]
    private static partial Regex SharedMemory();
}
