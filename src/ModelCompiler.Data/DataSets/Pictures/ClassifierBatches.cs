using ModelCompiler.Runtime;

namespace ModelCompiler.Data;

/// <summary>Makes a picture of a file's bytes: decodes, resizes, normalises, and what else a model was trained on.</summary>
/// <param name="bytes">The whole file.</param>
/// <param name="name">Where it is, for messages.</param>
/// <param name="pixels">[channels, height, width] of a row; all of it is written.</param>
/// <param name="row">What augmentation is drawn from.</param>
public delegate void PictureWriter(ReadOnlySpan<byte> bytes, string name, Span<float> pixels, DataRow row);

/// <summary>Pictures with classes into a classifier's batches.</summary>
public static class ClassifierBatches
{
    /// <summary>Batches of pictures as they lie in their files.</summary>
    /// <param name="write">Called by several threads.</param>
    /// <param name="create">Makes a batch of so many rows.</param>
    /// <param name="arrays">Inputs and labels [batch] of a batch.</param>
    public static DataBatches<ClassifiedPicture, TBatch> ToBatches<TBatch>(
        this IRecords<ClassifiedPicture> pictures, PictureWriter write, DataOptions options, Func<int, TBatch> create, Func<TBatch, (PictureBatch Inputs, int[] Labels)> arrays)
        where TBatch : class => pictures.ToBatches(options, create, (picture, batch, row) =>
        {
            var (inputs, labels) = Checked(arrays(batch), options);
            write(picture.Bytes.Span, picture.Name, inputs[row.Index], row);
            labels[row.Index] = picture.Class;
        });

    /// <summary>Batches of pictures of bytes.</summary>
    /// <param name="mean">Of each channel, on a scale of 0 to 1; as many as the pictures have.</param>
    /// <param name="deviation">Of each channel, above 0.</param>
    /// <inheritdoc cref="ToBatches{TBatch}(IRecords{ClassifiedPicture}, PictureWriter, DataOptions, Func{int, TBatch}, Func{TBatch, ValueTuple{PictureBatch, int[]}})"/>
    public static DataBatches<RawPicture, TBatch> ToBatches<TBatch>(
        this IRecords<RawPicture> pictures, IReadOnlyList<float> mean, IReadOnlyList<float> deviation, DataOptions options, Func<int, TBatch> create,
        Func<TBatch, (PictureBatch Inputs, int[] Labels)> arrays)
        where TBatch : class
    {
        float[] means = [.. mean], deviations = [.. deviation];
        return pictures.ToBatches(options, create, (picture, batch, row) =>
        {
            var (inputs, labels) = Checked(arrays(batch), options);
            picture.Write(inputs[row.Index], means, deviations);
            labels[row.Index] = picture.Class;
        });
    }

    /// <summary>Batches of pictures as they lie in their files, for a model whose targets are probabilities of classes.</summary>
    /// <param name="arrays">Inputs and probabilities [batch, classes] of a batch.</param>
    /// <param name="mixing">Mixes pictures with others of their batch, and their classes as much; null: each is of its own class.</param>
    /// <inheritdoc cref="ToBatches{TBatch}(IRecords{ClassifiedPicture}, PictureWriter, DataOptions, Func{int, TBatch}, Func{TBatch, ValueTuple{PictureBatch, int[]}})"/>
    public static DataBatches<ClassifiedPicture, TBatch> ToBatches<TBatch>(
        this IRecords<ClassifiedPicture> pictures, PictureWriter write, DataOptions options, Func<int, TBatch> create, Func<TBatch, (PictureBatch Inputs, float[] Probabilities)> arrays,
        Mixing? mixing = null)
        where TBatch : class => pictures.ToMixed(options, create, arrays, mixing, static picture => picture.Class, (picture, pixels, row) => write(picture.Bytes.Span, picture.Name, pixels, row));

    /// <summary>Batches of pictures of bytes, for a model whose targets are probabilities of classes.</summary>
    /// <param name="mean">Of each channel, on a scale of 0 to 1; as many as the pictures have.</param>
    /// <param name="deviation">Of each channel, above 0.</param>
    /// <inheritdoc cref="ToBatches{TBatch}(IRecords{ClassifiedPicture}, PictureWriter, DataOptions, Func{int, TBatch}, Func{TBatch, ValueTuple{PictureBatch, float[]}}, Mixing?)"/>
    public static DataBatches<RawPicture, TBatch> ToBatches<TBatch>(
        this IRecords<RawPicture> pictures, IReadOnlyList<float> mean, IReadOnlyList<float> deviation, DataOptions options, Func<int, TBatch> create,
        Func<TBatch, (PictureBatch Inputs, float[] Probabilities)> arrays, Mixing? mixing = null)
        where TBatch : class
    {
        float[] means = [.. mean], deviations = [.. deviation];
        return pictures.ToMixed(options, create, arrays, mixing, static picture => picture.Class, (picture, pixels, _) => picture.Write(pixels, means, deviations));
    }

    private delegate void PixelWriter<TRecord>(TRecord record, Span<float> pixels, DataRow row);

    // Labels wait for the whole batch; one batch is made at a time.
    private static DataBatches<TRecord, TBatch> ToMixed<TRecord, TBatch>(
        this IRecords<TRecord> pictures, DataOptions options, Func<int, TBatch> create, Func<TBatch, (PictureBatch Inputs, float[] Probabilities)> arrays, Mixing? mixing,
        Func<TRecord, int> classOf, PixelWriter<TRecord> write)
        where TBatch : class
    {
        mixing?.Check();
        options.Check();
        var labels = new int[options.Batch];
        return pictures.ToBatches(options, create, Fill, Finish);

        void Fill(TRecord picture, TBatch batch, DataRow row)
        {
            write(picture, Checked(arrays(batch), options).Inputs[row.Index], row);
            labels[row.Index] = classOf(picture);
        }

        void Finish(TBatch batch, long number)
        {
            var (inputs, probabilities) = arrays(batch);
            (mixing?.Apply(inputs, options.Seed, number) ?? new MixedRows(1, inputs.Count)).Write(labels, probabilities);
        }
    }

    // Rows that nobody fills would be learnt as pictures of class 0.
    private static (PictureBatch Inputs, T[] Targets) Checked<T>((PictureBatch Inputs, T[] Targets) arrays, DataOptions options) => arrays.Inputs.Count == options.Batch
        ? arrays
        : throw new ArgumentException($"The batch was made for {arrays.Inputs.Count} pictures, and Batch is {options.Batch}; legal is a batch of as many rows as it is asked for.");
}
