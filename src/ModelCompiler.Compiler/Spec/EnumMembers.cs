namespace ModelCompiler.Compiler.Spec;

/// <summary>The members of an option's enum: a cast can make a value that none of them has.</summary>
internal static class EnumMembers
{
    /// <summary>What is wrong with a value, and the member nearest to it; null where it is a member, or a sum of flags.</summary>
    public static string? Problem(string argument, Type type, object value)
    {
        var number = Convert.ToInt64(value);
        var members = Enum.GetValues(type).Cast<object>().Select(Convert.ToInt64).ToArray();
        var nearest = type.IsDefined(typeof(FlagsAttribute), false)
            ? number & members.Aggregate(0L, static (bits, member) => bits | member)
            : members.OrderBy(m => Math.Abs(m - number)).First();
        return nearest == number ? null
            : $"{argument} ({number}) is no value of {type.Name}; legal: {string.Join(", ", Enum.GetNames(type))}; nearest: {Enum.ToObject(type, nearest)}";
    }
}
