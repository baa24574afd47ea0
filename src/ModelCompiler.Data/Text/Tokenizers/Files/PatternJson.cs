namespace ModelCompiler.Data;

/// <summary>The field <c>pattern</c>: a string, or an expression that has a scanner.</summary>
internal static class PatternJson
{
    public static TextPattern Read(JsonFields owner)
    {
        var fields = owner.Fields("pattern");
        var (text, expression) = (fields.OptionalText("String"), fields.OptionalText("Regex"));
        fields.Done();
        if (text is null == expression is null)
            throw owner.Error("pattern", "names not one of String and Regex; legal is one");
        try
        {
            return text is not null ? TextPattern.Of(text) : TextPattern.OfExpression(expression!);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"{owner.PathOf("pattern")}: {Found.Reason(e)}", e);
        }
    }
}
