using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>Sizes whose product no array can hold; checked before anything is built of them.</summary>
internal static class SizeRules
{
    public static void Validate(BoundModel model, ProblemList p)
    {
        if ((model.Architecture switch { TransformerAttribute o => Products(model, o), PrecomputedFeaturesAttribute o => [new(o, nameof(o.Width), o.Width, w => (double)w * o.Tokens, "Width x Tokens", Any)], CompositionAttribute o => Projections(model, o), EncoderDecoderAttribute<object, object> => [Reading(model, "TEncoder", Layers.Side.Of(model)[1].Transformer)], Blip2PretrainingAttribute<object, object, object> o => [new(o, nameof(o.Embedding), o.Embedding, e => e * (double)Layers.Side.All(model)[1].Options!.Width, "Embedding x Width", Any)], _ => [] }).FirstOrDefault(static x => x.Count(x.Value) > int.MaxValue) is { } product)
        {
            var values = FormattableString.Invariant($"{product.Count(product.Value):N0} values; one tensor has at most {int.MaxValue:N0}");
            p.Add(Rules.TooLarge, product.Attribute, product.Argument, $"{product.Argument} ({product.Value}) is too large: {product.Text} is {values}; nearest: {product.Nearest()}");
        }
    }

    private static IEnumerable<Product> Products(BoundModel model, TransformerAttribute o)
    {
        double width = o.Width;
        yield return o.FeedForward == 0
            ? new(o, nameof(o.Width), o.Width, static w => 4 * w * w, "4 x Width x Width", w => w % o.Heads == 0)
            : new(o, nameof(o.Width), o.Width, static w => 3 * w * w, "3 x Width x Width", w => w % o.Heads == 0);
        yield return new(o, nameof(o.FeedForward), o.FeedForward, f => f * width, "FeedForward x Width", Any);
        if (o.HeadWidth > 0)
        {
            var heads = o.Heads + (2.0 * (o.KeyHeads == 0 ? o.Heads : o.KeyHeads));
            yield return new(o, nameof(o.HeadWidth), o.HeadWidth, h => heads * h * width, "(Heads + 2 x KeyHeads) x HeadWidth x Width", IsWhole);
        }

        var pooled = o.Pooling == Pooling.ClsAndMean ? 2 * width : width;
        yield return new(o, nameof(o.PoolerWidth), o.PoolerWidth, w => w * pooled, "PoolerWidth x the width before it", Any);
        if (model.Get<ClassificationAttribute>() is { } c)
        {
            var read = o.Pooler != Pooler.None && o.PoolerWidth > 0 ? o.PoolerWidth : pooled;
            yield return new(c, nameof(c.Classes), c.Classes, n => n * read, read == width ? "Classes x Width" : "Classes x the width that the head reads", Any);
        }

        if (o is QFormerAttribute<object>)
        {
            yield return Reading(model, "TImage", o);
        }

        foreach (var product in o switch { TextTransformerAttribute t => Text(t), VisionTransformerAttribute v => Vision(v), _ => [] })
        {
            yield return product;
        }

        // Rotary positions turn pairs of channels.
        bool IsWhole(int h) => o.Positions != Positions.Rotary || h % 2 == 0;
    }

    // Towers are looked at as models of their own.
    private static IEnumerable<Product> Projections(BoundModel model, CompositionAttribute o)
    {
        var widths = Layers.Side.Of(model).Select(s => (double)s.PooledWidth).ToArray();
        var joint = o.Projection == Projection.None ? widths[0] : o.Embedding;
        return [.. widths.Select(w => new Product(o, nameof(o.Embedding), o.Embedding, e => e * w, "Embedding x the width of a tower's vector", Any)), new(o, nameof(o.Queue), o.Queue, q => q * joint, "Queue x the channels of the joint space", Any)];
    }

    // Keys and values are made of what is read.
    private static Product Reading(BoundModel model, string parameter, TransformerAttribute reader)
    {
        double keys = 2 * (double)AttentionSize.Of(reader).KeyWidth;
        return new(model.Architecture, parameter, Layers.Side.Of(model)[0].Options!.Width, w => w * keys, "the Width of what is read x 2 x KeyHeads x the width of a head", Any);
    }

    private static IEnumerable<Product> Text(TextTransformerAttribute o)
    {
        double width = o.Width, table = TextEmbedding.TableWidth(o);
        yield return new(o, nameof(o.Vocabulary), o.Vocabulary, v => v * table, o.EmbeddingWidth == 0 ? "Vocabulary x Width" : "Vocabulary x EmbeddingWidth", Any);
        yield return new(o, nameof(o.EmbeddingWidth), o.EmbeddingWidth, e => e * width, "EmbeddingWidth x Width", Any);
        yield return new(o, nameof(o.Context), o.Context, c => (c + o.PositionOffset) * width, "(Context + PositionOffset) x Width", Any);
        if (o.Positions == Positions.Rotary)
        {
            double head = AttentionSize.Of(o).HeadWidth;
            yield return new(o, nameof(o.Context), o.Context, c => c * head, "Context x the width of a head", Any);
        }
    }

    private static IEnumerable<Product> Vision(VisionTransformerAttribute o)
    {
        var size = VisionSize.Of(o);
        yield return new(o, nameof(o.Channels), o.Channels, c => c * size.Height * size.Width, "Channels x height x width of a picture", Any);
        yield return Patch(o, size);
        if (o.Positions == Positions.None)
        {
            yield break;
        }

        double table = size.Prefix + ((double)size.TableRows * size.TableColumns);
        if ((size.TableRows, size.TableColumns) == (size.Rows, size.Columns))
        {
            yield return Side(o, size, tokens => tokens * o.Width, "tokens x Width");
        }
        else
        {
            yield return o.PositionRows > 0
                ? new(o, nameof(o.PositionRows), o.PositionRows, r => (size.Prefix + (r * size.TableColumns)) * o.Width, "positions x Width", Any)
                : new(o, nameof(o.PositionColumns), o.PositionColumns, c => (size.Prefix + (c * size.TableRows)) * o.Width, "positions x Width", Any);
            yield return Side(o, size, tokens => tokens * table, "tokens x positions");
        }
    }

    private static Product Patch(VisionTransformerAttribute o, VisionSize size)
    {
        double others = (double)o.Channels * o.Width;
        return (o.PatchHeight, o.PatchWidth) switch
        {
            ( > 0, _) => new(o, nameof(o.PatchHeight), o.PatchHeight, h => h * size.PatchWidth * others, "patch height x patch width x Channels x Width", h => size.Height % h == 0),
            (_, > 0) => new(o, nameof(o.PatchWidth), o.PatchWidth, w => w * size.PatchHeight * others, "patch height x patch width x Channels x Width", w => size.Width % w == 0),
            _ => new(o, nameof(o.PatchSize), o.PatchSize, s => s * s * others, "PatchSize x PatchSize x Channels x Width", s => size.Height % s == 0 && size.Width % s == 0),
        };
    }

    // A product with the number of tokens, as a function of the side that the user wrote.
    private static Product Side(VisionTransformerAttribute o, VisionSize size, Func<double, double> count, string text)
    {
        return (o.ImageHeight, o.ImageWidth) switch
        {
            ( > 0, _) => new(o, nameof(o.ImageHeight), o.ImageHeight, h => count(Tokens(h / size.PatchHeight, size.Columns)), text, h => h % size.PatchHeight == 0),
            (_, > 0) => new(o, nameof(o.ImageWidth), o.ImageWidth, w => count(Tokens(size.Rows, w / size.PatchWidth)), text, w => w % size.PatchWidth == 0),
            _ => new(o, nameof(o.ImageSize), o.ImageSize, s => count(Tokens(s / size.PatchHeight, s / size.PatchWidth)), text, s => s % size.PatchHeight == 0 && s % size.PatchWidth == 0),
        };

        double Tokens(double rows, double columns) => size.Prefix + (rows * columns);
    }

    private static bool Any(int value) => true;

    /// <summary>A tensor's number of values as a growing function of one option.</summary>
    /// <param name="IsLegal">What else the option must obey.</param>
    private sealed record Product(Attribute Attribute, string Argument, int Value, Func<double, double> Count, string Text, Func<int, bool> IsLegal)
    {
        /// <summary>The greatest legal value that fits; where none does, the greatest.</summary>
        public int Nearest()
        {
            var (fits, fails) = (0, Value);
            while (fails - fits > 1)
            {
                var middle = fits + ((fails - fits) / 2);
                (fits, fails) = Count(middle) <= int.MaxValue ? (middle, fails) : (fits, middle);
            }

            return Enumerable.Range(0, fits).Select(i => fits - i).Where(IsLegal).DefaultIfEmpty(fits).First();
        }
    }
}
