using System.Numerics.Tensors;
using ModelCompiler.Evaluation;

namespace ModelCompiler.Examples.Emoji;

/// <summary>How well pictures of one drawer and the names find each other, of emoji that training saw by other drawers and of those it did not see at all.</summary>
/// <param name="PictureToName">Pictures of known emoji among the names of all emoji.</param>
/// <param name="NameToPicture">Names of known emoji among all pictures of the drawer.</param>
/// <param name="UnseenToName">Pictures of unseen emoji among the names of the unseen.</param>
internal sealed record EmojiRanks(RankMetrics PictureToName, RankMetrics NameToPicture, RankMetrics UnseenToName)
{
    /// <param name="pictures">A unit vector for each drawing.</param>
    /// <param name="names">A unit vector for each emoji of the set.</param>
    /// <param name="alike">For each emoji those whose names are right for its picture.</param>
    public static EmojiRanks Of(EmojiSet set, IReadOnlyList<Drawing> drawings, float[] pictures, float[] names, int width, IReadOnlyList<int[]> alike)
    {
        int[] all = [.. Enumerable.Range(0, drawings.Count)];
        int[] known = [.. all.Where(i => !set.Unseen[drawings[i].Number])], unseen = [.. all.Except(known)];
        int[] everyName = [.. Enumerable.Range(0, set.Captions.Count)], unseenNames = [.. everyName.Where(n => set.Unseen[n])];
        return new EmojiRanks(
            new RankMetrics([.. known.AsParallel().AsOrdered().Select(i => Rank(Vector(pictures, i), everyName, names, alike[drawings[i].Number]))]),
            new RankMetrics([.. known.AsParallel().AsOrdered().Select(i => Rank(Vector(names, drawings[i].Number), all, pictures, [i]))]),
            new RankMetrics([.. unseen.Select(i => Rank(Vector(pictures, i), unseenNames, names, alike[drawings[i].Number]))]));

        ReadOnlySpan<float> Vector(float[] vectors, int number) => vectors.AsSpan(number * width, width);

        // Pictures that are the same bit for bit tie, and a tie is no loss: only names need to be told which others are right.
        int Rank(ReadOnlySpan<float> query, int[] candidates, float[] vectors, int[] right)
        {
            var best = float.NegativeInfinity;
            foreach (var number in right)
            {
                best = Math.Max(best, TensorPrimitives.Dot(query, Vector(vectors, number)));
            }

            var above = 0;
            foreach (var number in candidates)
            {
                above += TensorPrimitives.Dot(query, Vector(vectors, number)) > best ? 1 : 0;
            }

            return above;
        }
    }

    /// <summary>A line for each of the three.</summary>
    public override string ToString() => $"picture to name          {PictureToName}\nname to picture          {NameToPicture}\nunseen picture to name   {UnseenToName}";
}
