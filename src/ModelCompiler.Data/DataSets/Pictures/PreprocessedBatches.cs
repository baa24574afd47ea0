using ModelCompiler.Runtime;

namespace ModelCompiler.Data;

/// <summary>Pictures through a model's own preprocessing into its batches.</summary>
public static class PreprocessedBatches
{
    /// <summary>Batches of pictures with classes, decoded, changed at random, resized and normalised. What cannot be decoded is a broken record.</summary>
    /// <param name="augmentation">Drawn anew for each picture in each epoch; null: pictures stay as they are.</param>
    /// <inheritdoc cref="ClassifierBatches.ToBatches{TBatch}(IRecords{ClassifiedPicture}, PictureWriter, DataOptions, Func{int, TBatch}, Func{TBatch, ValueTuple{PictureBatch, int[]}})"/>
    public static DataBatches<ClassifiedPicture, TBatch> ToBatches<TBatch>(
        this IRecords<ClassifiedPicture> pictures, PicturePreprocessor preprocessor, DataOptions options, Func<int, TBatch> create,
        Func<TBatch, (PictureBatch Inputs, int[] Labels)> arrays, Augmentation? augmentation = null)
        where TBatch : class => pictures.ToBatches(Writer(preprocessor, augmentation), options, create, arrays);

    /// <summary>The same for a model whose targets are probabilities of classes, with pictures that are mixed.</summary>
    /// <param name="augmentation">Drawn anew for each picture in each epoch, before it is mixed; null: pictures stay as they are.</param>
    /// <inheritdoc cref="ClassifierBatches.ToBatches{TBatch}(IRecords{ClassifiedPicture}, PictureWriter, DataOptions, Func{int, TBatch}, Func{TBatch, ValueTuple{PictureBatch, float[]}}, Mixing?)"/>
    public static DataBatches<ClassifiedPicture, TBatch> ToBatches<TBatch>(
        this IRecords<ClassifiedPicture> pictures, PicturePreprocessor preprocessor, DataOptions options, Func<int, TBatch> create,
        Func<TBatch, (PictureBatch Inputs, float[] Probabilities)> arrays, Mixing? mixing = null, Augmentation? augmentation = null)
        where TBatch : class => pictures.ToBatches(Writer(preprocessor, augmentation), options, create, arrays, mixing);

    private static PictureWriter Writer(PicturePreprocessor preprocessor, Augmentation? augmentation)
    {
        return Write;

        void Write(ReadOnlySpan<byte> bytes, string name, Span<float> pixels, DataRow row)
        {
            if (augmentation is null)
                preprocessor.Write(bytes, name, pixels);
            else
                preprocessor.Write(augmentation.Apply(Picture.Decode(bytes, name), row.Epoch, row.Record), pixels);
        }
    }
}
