using System.Reflection;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests;

/// <summary>The table of models is complete: every attribute, every member of every enum and every option are in some case.</summary>
public sealed class ModelCaseTests
{
    private static readonly Attribute[] s_attributes = [.. ModelCases.All.Values.Append(ModelCases.All["vit"].Mixed()).SelectMany(Attributes)];

    private static IEnumerable<Attribute> Attributes(IEnumerable<AttributeSpec> model) =>
        ModelCases.Bind([.. model]).Attributes.Concat(model.SelectMany(static a => a.TypeArguments).SelectMany(static t => Attributes(t.Attributes)));

    /// <summary>Options, by the class that declares them.</summary>
    public static TheoryData<string> Options => new(AttributeBinder.Types.SelectMany(Properties).Select(Name).Distinct());

    public static TheoryData<string> Enums => new(EnumTypes().Select(static t => t.Name));

    [Fact]
    public void Every_attribute_is_in_some_case() => Assert.Equal(
        AttributeBinder.Types.Where(static t => t != typeof(CheckpointAttribute)).Select(static t => t.Name).Order(),
        s_attributes.Select(static a => AttributeBinder.Definition(a.GetType()).Name).Distinct().Order());

    [Theory, MemberData(nameof(Options))]
    public void Every_option_differs_from_its_default_in_some_case(string option)
    {
        var type = AttributeBinder.Types.First(t => Properties(t).Any(p => Name(p) == option));
        var property = Properties(type).Single(p => Name(p) == option);
        var standard = ModelCases.Bind(ModelCases.Attribute(AttributeBinder.NameOf(type))).Attributes[0] is var plain ? plain.GetType().GetProperty(property.Name)!.GetValue(plain) : null;
        Assert.Contains(
            s_attributes.Where(a => property.DeclaringType!.IsInstanceOfType(a) || AttributeBinder.Definition(a.GetType()) == property.DeclaringType),
            a => !Equals(a.GetType().GetProperty(property.Name)!.GetValue(a), standard));
    }

    [Theory, MemberData(nameof(Enums))]
    public void Every_member_of_an_enum_is_in_some_case(string name)
    {
        var type = EnumTypes().Single(t => t.Name == name);
        var values = s_attributes.SelectMany(a => Properties(a.GetType()).Where(p => p.PropertyType == type).Select(p => Convert.ToInt64(p.GetValue(a)))).Distinct().ToArray();
        var members = Enum.GetValues(type).Cast<object>().Select(Convert.ToInt64);
        if (type.GetCustomAttribute<FlagsAttribute>() is null)
        {
            Assert.Equal(members.Order(), values.Order());
        }
        else
        {
            Flags(values, [.. members.Where(static f => f != 0 && (f & (f - 1)) == 0)]);
        }
    }

    // No flag stands for another: of any two, some case has the first alone.
    private static void Flags(long[] values, long[] flags)
    {
        foreach (var a in flags)
        {
            foreach (var b in flags.Where(b => b != a))
            {
                Assert.True(values.Any(v => (v & a) != 0 && (v & b) == 0), $"no case has flag {a} without {b}");
            }
        }
    }

    private static IEnumerable<Type> EnumTypes() => AttributeBinder.Types.SelectMany(Properties).Select(static p => p.PropertyType).Where(static t => t.IsEnum).Distinct();

    private static IEnumerable<PropertyInfo> Properties(Type type) => type == typeof(CheckpointAttribute) ? []
        : type.GetProperties().Where(static p => p.DeclaringType!.Assembly == typeof(ModelAttribute).Assembly && !p.PropertyType.IsArray && p.PropertyType != typeof(string));

    private static string Name(PropertyInfo property) => $"{AttributeBinder.NameOf(property.DeclaringType!)}.{property.Name}";
}
