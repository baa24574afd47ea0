using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Emit.Surface;

/// <summary>Prints the type of rows of token ids.</summary>
internal static class TokensPrinter
{
    public static void Print(CompiledModel model, Side side, TextTransformerAttribute o, SourceWriter w)
    {
        w.Summary($"Rows of token ids [count, length], ids below {o.Vocabulary}, at most {o.Context} tokens a row.");
        using (w.Block($"public sealed class {side.InputClass}(int count, int length) : TokenBatch(count, length, VocabularySize, MaxLength{(model.TextPrefix > 0 ? ", PrefixLength" : "")}), ITokenBatch<{side.InputClass}>"))
        {
            w.Line($"public const int VocabularySize = {o.Vocabulary}, MaxLength = {o.Context};");
            w.Line();
            if (model.TextPrefix > 0)
            {
                w.Summary("First tokens of a row, which stand for the picture: their ids are not read.");
                w.Line($"public const int PrefixLength = {model.TextPrefix};");
                w.Line();
            }

            var tokenizer = side.Model.Spec.Tokenizer?.File;
            if (tokenizer is not null)
            {
                w.Summary("The tokenizer's file, beside the program. Compositions in other assemblies read it here.");
                w.Line($"public const string {TokenizerSpec.FileConstant} = {Names.Text(tokenizer)};");
                w.Line();
            }

            w.Line($"static TokenFacts ITokenBatch<{side.InputClass}>.Facts {{ get; }} = new(VocabularySize, MaxLength, PaddingToken: {o.PaddingToken}, Tokenizer: {(tokenizer is null ? "\"\"" : TokenizerSpec.FileConstant)}{(model.TextPrefix > 0 ? ", Prefix: PrefixLength" : "")});");
            w.Line();
            w.Line($"static {side.InputClass} ITokenBatch<{side.InputClass}>.Create(int count, int length) => new(count, length);");
        }

        w.Line();
        using (w.Block($"private void SetInputs({side.InputClass} inputs)"))
        {
            w.Line("inputs.Check();");
            if (model.Model.Architecture is Blip2PretrainingAttribute<object, object, object>)
            {
                w.Line("inputs.CheckFirst();");
            }

            if (model.HasInput(side.Prefix + "ids"))
            {
                w.Line($"_core.SetInput({Names.Text(side.Prefix + "ids")}, inputs.Ids);");
            }

            if (model.HasInput(side.Prefix + QueryPretraining.SaidIds))
            {
                w.Line($"_core.SetInput({Names.Text(side.Prefix + QueryPretraining.SaidIds)}, inputs.IdsFrom({model.Model.Get<ImageGroundedTextAttribute>()!.StartToken}));");
            }

            if (model.HasInput(side.Prefix + "mask"))
            {
                w.Line($"_core.SetInput({Names.Text(side.Prefix + "mask")}, inputs.Mask);");
            }

            if (model.HasInput(side.Prefix + "positions"))
            {
                var padding = o.CountPadding ? "byMask: false" : o is TransformerDecoderAttribute ? "byMask: true" : $"byMask: false, {o.PaddingToken}";
                w.Line($"_core.SetInput({Names.Text(side.Prefix + "positions")}, inputs.PositionsOrDefault({o.PositionOffset}, {o.Context + o.PositionOffset}, {padding}));");
            }

            if (model.HasInput(side.Prefix + "segments"))
            {
                w.Line($"_core.SetInput({Names.Text(side.Prefix + "segments")}, inputs.CheckedSegments({o.Segments}));");
            }

            if (model.HasInput(side.Prefix + "last"))
            {
                var found = o.Pooling switch { Pooling.Last when o.AttendPadding => "FinalTokens()", Pooling.End => $"FirstTokens({o.EndToken})", Pooling.HighestId => "HighestTokens()", _ => $"LastTokens({o.PaddingToken})" };
                w.Line($"_core.SetInput({Names.Text(side.Prefix + "last")}, inputs.{found});");
            }

            if (model.HasInput(side.Prefix + "weights"))
            {
                w.Line($"_core.SetInput({Names.Text(side.Prefix + "weights")}, inputs.Weights());");
                w.Line($"_core.SetInput({Names.Text(side.Prefix + "counts")}, inputs.Counts());");
            }
        }
    }
}
