using ModelCompiler.Runtime;

namespace ModelCompiler.Data;

/// <summary>Pictures into the typed batches of models, by several threads; what is written does not depend on their number.</summary>
public static class PictureBatchExtensions
{
    /// <summary>Reads and writes one file a row.</summary>
    /// <param name="paths">As many as the batch has rows.</param>
    /// <param name="threads">0: as many as there are processors.</param>
    /// <returns>The batch.</returns>
    /// <exception cref="ArgumentException">Another number of pictures than rows, or a batch of another size than the preprocessor's.</exception>
    /// <exception cref="InvalidDataException">A file cannot be decoded: of several, the first.</exception>
    public static T Fill<T>(this PicturePreprocessor preprocessor, T batch, IReadOnlyList<string> paths, int threads = 0) where T : PictureBatch =>
        preprocessor.Fill(batch, paths.Count, (row, pixels) => preprocessor.Write(FileBytes.Read(paths[row]), paths[row], pixels), threads);

    /// <summary>Writes one picture a row.</summary>
    /// <inheritdoc cref="Fill{T}(PicturePreprocessor, T, IReadOnlyList{string}, int)"/>
    public static T Fill<T>(this PicturePreprocessor preprocessor, T batch, IReadOnlyList<Picture> pictures, int threads = 0) where T : PictureBatch =>
        preprocessor.Fill(batch, pictures.Count, (row, pixels) => preprocessor.Write(pictures[row], pixels), threads);

    private static T Fill<T>(this PicturePreprocessor preprocessor, T batch, int count, Action<int, Span<float>> write, int threads) where T : PictureBatch
    {
        if (count != batch.Count)
            throw new ArgumentException($"{count} pictures for a batch of {batch.Count} rows; legal are as many.");
        if ((batch.Channels, batch.Height, batch.Width) != (3, preprocessor.Height, preprocessor.Width))
            throw new ArgumentException($"The batch is of {batch.Channels} x {batch.Height} x {batch.Width}; legal for this preprocessor is 3 x {preprocessor.Height} x {preprocessor.Width}.", nameof(batch));
        var failures = new Exception?[count];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount }, row =>
        {
            try
            {
                write(row, batch[row]);
            }
            catch (Exception e)
            {
                failures[row] = e;
            }
        });
        if (failures.FirstOrDefault(static f => f is not null) is { } failure)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        return batch;
    }
}
