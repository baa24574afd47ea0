using System.Globalization;

namespace ModelCompiler.Compiler.Spec;

/// <summary>Collects what is wrong with a model's options, in words that say what is legal and what is nearest.</summary>
internal sealed class ProblemList(BoundModel model)
{
    private readonly List<SpecProblem> _items = [];

    public IReadOnlyList<SpecProblem> Items => _items;

    /// <param name="item">Which value to point at where the argument is a list.</param>
    public void Add(SpecRule rule, Attribute attribute, string argument, string message, int item = 0) =>
        _items.Add(new SpecProblem(rule, AttributeBinder.NameOf(attribute.GetType()), argument, message) { Item = item });

    public void AddRange(IEnumerable<SpecProblem> problems) => _items.AddRange(problems);

    /// <summary>A size that has no default: <paramref name="least"/> or more, and not beyond what memory could hold.</summary>
    public bool Required(Attribute attribute, string argument, int value, int greatest = 1 << 24, int least = 1)
    {
        if (value == 0 && !model.IsWritten(attribute, argument))
        {
            Add(Rules.MissingArgument, attribute, argument, $"{argument} is missing: set it to {least} or more");
            return false;
        }

        return Between(attribute, argument, value, least, greatest);
    }

    public bool Between(Attribute attribute, string argument, int value, int least, int greatest)
    {
        if (value >= least && value <= greatest)
        {
            return true;
        }

        Add(Rules.OutOfRange, attribute, argument, $"{argument} ({value}) must be {least} to {greatest}; nearest: {(value < least ? least : greatest)}");
        return false;
    }

    /// <summary>A number in [least, below), or (least, below) where <paramref name="open"/>.</summary>
    /// <param name="usual">What the message offers where the range is open at the end that the value is beyond.</param>
    public void Between(Attribute attribute, string argument, double value, double least, double below, double usual, bool open = false)
    {
        if (value < below && (open ? value > least : value >= least))
        {
            return;
        }

        var range = $"{(open ? "above" : "at least")} {Text(least)} and {(double.IsInfinity(below) ? "finite" : $"below {Text(below)}")}";
        var hint = value < least && !open ? $"nearest: {Text(least)}" : $"usual: {Text(usual)}";
        Add(Rules.OutOfRange, attribute, argument, $"{argument} ({Text(value)}) must be {range}; {hint}");
    }

    /// <summary>A part of a whole, both ends included.</summary>
    public void Part(Attribute attribute, string argument, double value)
    {
        if (value is not (>= 0 and <= 1))
        {
            Add(Rules.OutOfRange, attribute, argument, $"{argument} ({Text(value)}) must be 0 to 1, a part of the full rate; nearest: {(value > 1 ? 1 : 0)}");
        }
    }

    /// <summary>value must be a multiple of divisor, which <paramref name="name"/> explains; names the nearest that is.</summary>
    public void Multiple(Attribute attribute, string argument, int value, int divisor, string name)
    {
        if (divisor <= 0 || value <= 0 || value % divisor == 0)
        {
            return;
        }

        var below = value / divisor * divisor;
        var nearest = below == 0 ? $"{divisor}" : $"{below} or {below + divisor}";
        Add(Rules.NotDivisible, attribute, argument, $"{argument} ({value}) must be divisible by {name}; nearest: {nearest}");
    }

    /// <summary>value must divide whole, which <paramref name="name"/> explains; names the nearest that does.</summary>
    public void Divisor(Attribute attribute, string argument, int value, int whole, string name)
    {
        if (value <= 0 || whole % value == 0)
        {
            return;
        }

        var divisors = Enumerable.Range(1, whole).Where(d => whole % d == 0).ToArray();
        var nearest = new[] { divisors.LastOrDefault(d => d < value), divisors.FirstOrDefault(d => d > value) }.Where(static d => d > 0);
        Add(Rules.NotDivisible, attribute, argument, $"{argument} ({value}) must divide {name}; nearest: {string.Join(" or ", nearest)}");
    }

    /// <summary>Two attributes of a kind that a model has one of.</summary>
    public void Single<T>(string kind)
        where T : Attribute
    {
        foreach (var second in model.Attributes.OfType<T>().Skip(1))
        {
            var (one, other) = (AttributeBinder.NameOf(model.Get<T>()!.GetType()), AttributeBinder.NameOf(second.GetType()));
            var rule = second is ModelAttribute ? Rules.SeveralArchitectures : Rules.SeveralOfAKind;
            Add(rule, second, "", $"'{model.Spec.Type.Name}' has the {kind} [{one}] already, and a model has one: remove [{one}] or [{other}]");
        }
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
