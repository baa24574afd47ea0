using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;
using static ModelCompiler.Generators.Tests.Harness.Models;

namespace ModelCompiler.Generators.Tests.Caching;

/// <summary>What the generator remembers between edits holds no part of a compilation: that would keep it in memory, and be unequal to the next one.</summary>
public sealed class HygieneTests
{
    private static readonly Type[] s_forbidden = [typeof(Compilation), typeof(ISymbol), typeof(SyntaxNode), typeof(SyntaxTree), typeof(SemanticModel), typeof(Location), typeof(AttributeData), typeof(Diagnostic)];

    [Theory, InlineData(ModelGenerator.ReadStep), InlineData(ModelGenerator.SpecStep), InlineData(ModelGenerator.FilesStep)]
    public void Steps_hold_data_alone(string step)
    {
        var session = new Session(Vit(name: "A"), Gpt(attributes: ", CausalLanguageModel, Freeze(\"blocks.0\"), AdamW(Beta1 = 0.8)", name: "B"), $"partial class Outer {{ {Vit(name: "C")} }}", Vit("Width = 7", name: "Wrong").Replace("Wrong;", "Wrong { public int Batch; }"));
        var outputs = Session.Outputs(session.Run(), step).ToArray();
        Assert.Equal(4, outputs.Length);
        var visited = new HashSet<object>(ReferenceEqualityComparer.Instance);
        Assert.All(outputs, o => Visit(o.Value, o.Subject, visited));
        Assert.True(visited.Count > 20, "the walk went nowhere");
    }

    private static void Visit(object? value, string path, HashSet<object> visited)
    {
        if (value is null || (!value.GetType().IsValueType && !visited.Add(value)))
        {
            return;
        }

        var type = value.GetType();
        Assert.False(s_forbidden.Any(f => f.IsAssignableFrom(type)), $"{path} is a {type}");
        if (type.IsPrimitive || type.IsEnum || value is string or Type)
        {
            return;
        }

        foreach (var item in value is Array ? (IEnumerable)value : Array.Empty<object>())
        {
            Visit(item, path + "[]", visited);
        }

        for (var at = type; at is not null; at = at.BaseType)
        {
            foreach (var field in at.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                Visit(field.GetValue(value), $"{path}.{field.Name}", visited);
            }
        }
    }
}
