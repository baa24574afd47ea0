using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>A vocabulary is its tokenizer's, where the model names one.</summary>
internal static class TokenizerRules
{
    // Tables are padded for the sake of products: 50,257 tokens of GPT-2 to 50,304 rows. More than that is another tokenizer's table.
    private const int Multiple = 64, Part = 32;

    /// <summary>Whether there is a vocabulary that other rules may rely on.</summary>
    public static bool Validate(BoundModel model, TextTransformerAttribute o, ProblemList p)
    {
        if (o.Tokenizer.Length == 0)
        {
            return p.Required(o, nameof(o.Vocabulary), o.Vocabulary);
        }

        if (model.Spec.Tokenizer is not { Problem: null } tokenizer)
        {
            p.Add(Rules.NoTokenizer, o, nameof(o.Tokenizer), "Tokenizer " + (model.Spec.Tokenizer?.Problem ?? $"\"{o.Tokenizer}\" is a file, and there is no project to look for it: set Vocabulary instead"));
            return false;
        }

        if (!p.Required(o, nameof(o.Vocabulary), o.Vocabulary))
        {
            return false;
        }

        var (least, most) = (tokenizer.Size, Math.Max((tokenizer.Size + Multiple - 1) / Multiple * Multiple, tokenizer.Size + (tokenizer.Size / Part)));
        if (o.Vocabulary >= least && o.Vocabulary <= most)
        {
            return true;
        }

        p.Add(Rules.VocabularySize, o, nameof(o.Vocabulary),
            $"Vocabulary ({o.Vocabulary}) does not fit the tokenizer \"{tokenizer.File}\", whose ids need {least} rows; legal: {least} to {most}; nearest: {(o.Vocabulary < least ? least : most)}");
        return false;
    }
}
