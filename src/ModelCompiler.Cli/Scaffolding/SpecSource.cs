using System.Globalization;
using System.Text;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Cli.Scaffolding;

/// <summary>A spec as the C# that a user would write.</summary>
public static class SpecSource
{
    public static string Print(ModelSpec spec)
    {
        var text = new StringBuilder("using ModelCompiler;\n\n");
        if (spec.Type.Namespace.Length > 0)
        {
            text.Append($"namespace {spec.Type.Namespace};\n\n");
        }

        Class(spec, [], text);
        return text.ToString();
    }

    // Towers first, then what names them; one that two name once.
    private static void Class(ModelSpec spec, HashSet<string> printed, StringBuilder text)
    {
        foreach (var tower in spec.Attributes.SelectMany(static a => a.TypeArguments).Where(t => printed.Add(t.Type.FullName)))
        {
            Class(tower, printed, text);
            text.Append('\n');
        }

        foreach (var attribute in spec.Attributes)
        {
            var towers = attribute.TypeArguments.Count == 0 ? "" : $"<{string.Join(", ", attribute.TypeArguments.Select(static t => t.Type.Name))}>";
            text.Append($"[{attribute.Name}{towers}{Arguments(attribute)}]\n");
        }

        text.Append($"{spec.Type.Accessibility} partial class {spec.Type.Name};\n");
    }

    private static string Arguments(AttributeSpec attribute)
    {
        var type = AttributeBinder.TypeOf(attribute.Name);
        var positional = type.GetConstructors().Single().GetParameters().Select(static p => p.Name!).ToArray();

        // Positional ones first, then in the order in which the attribute declares them: its own before its base's.
        string[] order = [.. positional, .. type.GetProperties().Select(static p => p.Name)];
        var arguments = attribute.Arguments.OrderBy(a => Array.IndexOf(order, a.Name)).Select(a =>
        {
            var property = type.GetProperty(a.Name) ?? type.GetProperty(char.ToUpperInvariant(a.Name[0]) + a.Name[1..])!;
            return (positional.Contains(a.Name) ? "" : a.Name + " = ") + Value(a.Value, property.PropertyType);
        }).ToArray();
        var line = string.Join(", ", arguments);
        return arguments.Length == 0 ? "" : line.Length < 110 ? $"({line})" : $"(\n    {string.Join(",\n    ", arguments)})";
    }

    private static string Value(SpecValue value, Type type) => value switch
    {
        SpecValue.Integer i when type.IsEnum => Member(i.Value, type),
        SpecValue.Integer i => i.Value.ToString(CultureInfo.InvariantCulture),
        SpecValue.Real r => r.Value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e'),
        SpecValue.Flag f => f.Value ? "true" : "false",
        SpecValue.Text t => $"\"{t.Value}\"",
        SpecValue.List l => string.Join(", ", l.Items.Select(i => Value(i, typeof(string)))),
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    // Flags print as the names that make them up: All & ~QueryKeyValue would read worse.
    private static string Member(long value, Type type) =>
        string.Join(" | ", Enum.ToObject(type, value).ToString()!.Split(", ").Select(n => $"{type.Name}.{n}"));
}
