using System.Text.RegularExpressions;

namespace ModelCompiler.Gpu.Workarounds;

/// <summary>
/// ILGPU 1.5.3 numbers types, parameters and labels through all kernels that a process compiles. Drivers keep what they compiled by its text, and
/// so compile everything again when the order was another. Each kernel's names are numbered from 0.
/// </summary>
internal static partial class StableNames
{
    public static string Renumber(string text)
    {
        var numbers = new Dictionary<string, string>();
        return Numbered().Replace(text, m =>
        {
            if (!numbers.TryGetValue(m.Value, out var name))
            {
                numbers.Add(m.Value, name = m.Groups[1].Value + numbers.Count);
            }

            return name;
        });
    }

    // type_428 of OpenCL C, L_3417149 of both, _a_35139 of PTX, Draw_35140 of functions; neither field_3, which is numbered from 0, nor sm_80.
    [GeneratedRegex(@"(?<!\w)(?!field_|view_|sm_)([A-Za-z_]\w*?_)\d+(?!\d)")]
    private static partial Regex Numbered();
}
