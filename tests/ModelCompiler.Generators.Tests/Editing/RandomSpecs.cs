using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Generators.Tests.Editing;

/// <summary>Specs drawn at random over every attribute and option, with sizes that mostly fit together.</summary>
internal static class RandomSpecs
{
    private static readonly Type[] s_objectives = [.. AttributeBinder.Types.Where(typeof(ObjectiveAttribute).IsAssignableFrom)];
    private static readonly Type[] s_towers = [.. AttributeBinder.Architectures.Where(typeof(TowerAttribute).IsAssignableFrom)], s_plain = [.. s_towers.Where(static t => !t.IsGenericType)];
    private static readonly Type[] s_others = [.. AttributeBinder.Types.Except(AttributeBinder.Architectures).Except(s_objectives)];
    private static readonly string[] s_parts = ["embeddings", "blocks", "blocks.0", "blocks.1.attention", "head", "final_norm", "mlm", "pool_projection", "blocks.0.attention.key.bias", "none", ""];

    // Sizes that fit together.
    private static readonly Dictionary<string, int> s_sizes = new()
    {
        ["Width"] = 8,
        ["Heads"] = 2,
        ["Depth"] = 2,
        ["ImageSize"] = 8,
        ["PatchSize"] = 4,
        ["Vocabulary"] = 11,
        ["Context"] = 6,
        ["Classes"] = 3,
        ["Embedding"] = 8,
        ["Queries"] = 2,
        ["Steps"] = 50,
    };

    public static ModelSpec Spec(int seed)
    {
        var random = new Random(seed);
        var architecture = random.Next(4) == 0 ? Pick(random, [.. AttributeBinder.Architectures.Except(s_towers)]) : Pick(random, s_towers);
        var fitting = architecture == typeof(EncoderDecoderAttribute<,>) || architecture == typeof(Blip2Attribute<,,>) ? [typeof(CausalLanguageModelAttribute)]
            : architecture == typeof(Blip2PretrainingAttribute<,,>) ? s_objectives.Where(typeof(QueryObjectiveAttribute).IsAssignableFrom).ToArray()
            : s_objectives.Where(t => !typeof(QueryObjectiveAttribute).IsAssignableFrom(t) && typeof(PairObjectiveAttribute).IsAssignableFrom(t) == !s_towers.Contains(architecture)).ToArray();
        var types = new List<Type> { architecture, Pick(random, random.Next(10) == 0 ? s_objectives : fitting) };
        types.AddRange(s_others.Where(_ => random.Next(7) == 0));
        var density = random.Next(2, 20);
        var spec = new ModelSpec(new TypeSpec("Demo", default, "M", "public"), new(types.Select(t => Attribute(t, random, density))));
        return random.Next(10) == 0 ? spec : TokenizerFiles.AddTo(spec, ["vocab.txt"], _ => string.Concat(Enumerable.Range(0, random.Next(9, 12)).Select(static i => $"t{i}\n")));
    }

    // Now and then a tower is missing, is none, or reads what the other should. Two have as few options as one, so that both are right now and then.
    private static EquatableArray<ModelSpec> Towers(Type type, Random random, int density) => !type.IsGenericType || random.Next(20) == 0 ? default : new(type.GetGenericArguments().Select(parameter =>
        new ModelSpec(new TypeSpec("Demo", default, "Tower", "public"), random.Next(20) == 0 ? default : new([Pooled(Attribute(Tower(parameter, random), random, 2 * density))]))));

    // A tower of text has no vector for a whole text unless it is asked for one.
    private static AttributeSpec Pooled(AttributeSpec tower) => tower.Arguments.Any(static a => a.Name == nameof(TowerAttribute.Pooling))
        ? tower
        : tower with { Arguments = new(tower.Arguments.Append(new ArgumentSpec(nameof(TowerAttribute.Pooling), new SpecValue.Integer((long)Pooling.Mean)))) };

    private static Type Tower(Type parameter, Random random) => random.Next(20) == 0 ? Pick(random, [.. AttributeBinder.Architectures]) : Pick(random, parameter.Name switch
    {
        "TImage" => [typeof(VisionTransformerAttribute), typeof(VisionTransformerAttribute), typeof(PrecomputedFeaturesAttribute)],
        "TText" => [.. s_towers.Where(typeof(TextTransformerAttribute).IsAssignableFrom)],
        "TDecoder" => [typeof(TransformerDecoderAttribute)],
        "TQFormer" => [typeof(QFormerAttribute<>)],
        _ => s_plain,
    });

    private static AttributeSpec Attribute(Type type, Random random, int density)
    {
        var arguments = type.GetConstructors().Single().GetParameters().Select(p => new ArgumentSpec(p.Name!, Value(p.ParameterType, random))).ToList();
        foreach (var property in type.GetProperties().Where(static p => p.CanWrite))
        {
            var size = s_sizes.GetValueOrDefault(property.Name);
            if (size > 0 && random.Next(20) > 0)
            {
                arguments.Add(new ArgumentSpec(property.Name, new SpecValue.Integer(size)));
            }
            else if (random.Next(density) == 0)
            {
                arguments.Add(new ArgumentSpec(property.Name, Value(property.PropertyType, random)));
            }
        }

        return new AttributeSpec(AttributeBinder.NameOf(type), new(arguments), Towers(type, random, density));
    }

    private static SpecValue Value(Type type, Random random) => type switch
    {
        _ when type == typeof(bool) => new SpecValue.Flag(random.Next(2) == 0),
        _ when type == typeof(int) => new SpecValue.Integer(Mostly(random, [0, 1, 2, 4, 8], [-1, 3, 512, 4096, 1 << 14, 1 << 20, 1 << 24, int.MaxValue, int.MinValue])),
        _ when type == typeof(double) => new SpecValue.Real(Mostly(random, [0.5, 0.1, 1e-5, 1e-6], [0, 1, -1, double.NaN, double.PositiveInfinity, double.Epsilon, double.MaxValue])),
        _ when type == typeof(string) => new SpecValue.Text(Pick(random, ["", "vocab.txt", "none"])),
        { IsEnum: true } => new SpecValue.Integer(random.Next(30) == 0 ? 999 : Convert.ToInt64(Pick(random, [.. Enum.GetValues(type).Cast<object>()]))),
        _ => new SpecValue.List(new(Enumerable.Range(0, random.Next(4)).Select(_ => new SpecValue.Text(Pick(random, s_parts))))),
    };

    private static T Mostly<T>(Random random, T[] usual, T[] odd) => Pick(random, random.Next(6) > 0 ? usual : odd);

    private static T Pick<T>(Random random, T[] items) => items[random.Next(items.Length)];
}
