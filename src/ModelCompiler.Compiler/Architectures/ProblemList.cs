using System.Globalization;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>Collects what is wrong with a model's options, in words that say what is legal and what is nearest.</summary>
internal sealed class ProblemList
{
    private readonly List<SpecProblem> _items = [];

    public IReadOnlyList<SpecProblem> Items => _items;

    public void Add(SpecRule rule, Attribute attribute, string argument, string message) =>
        _items.Add(new SpecProblem(rule, AttributeBinder.NameOf(attribute.GetType()), argument, message));

    public void AddRange(IEnumerable<SpecProblem> problems) => _items.AddRange(problems);

    /// <summary>A size that has no default: 1 or more, and not beyond what memory could hold.</summary>
    public bool Required(Attribute attribute, string argument, int value, int greatest = 1 << 24)
    {
        if (value == 0)
        {
            Add(Rules.MissingArgument, attribute, argument, $"{argument} is missing: set it to 1 or more");
            return false;
        }

        return Between(attribute, argument, value, 1, greatest);
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
    public void Between(Attribute attribute, string argument, double value, double least, double below, bool open = false)
    {
        if (value < below && (open ? value > least : value >= least))
        {
            return;
        }

        Add(Rules.OutOfRange, attribute, argument,
            string.Format(CultureInfo.InvariantCulture, "{0} ({1}) must be {2} {3} and below {4}", argument, value, open ? "above" : "at least", least, below));
    }

    /// <summary>value must be a multiple of divisor; names the nearest that is.</summary>
    public void Multiple(Attribute attribute, string argument, int value, string divisorName, int divisor)
    {
        if (divisor <= 0 || value <= 0 || value % divisor == 0)
        {
            return;
        }

        var below = value / divisor * divisor;
        var nearest = below == 0 ? $"{divisor}" : $"{below} or {below + divisor}";
        Add(Rules.NotDivisible, attribute, argument, $"{argument} ({value}) must be divisible by {divisorName} ({divisor}); nearest: {nearest}");
    }
}
