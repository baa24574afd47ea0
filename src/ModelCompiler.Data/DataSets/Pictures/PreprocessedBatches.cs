using ModelCompiler.Runtime;

namespace ModelCompiler.Data;

/// <summary>Pictures through a model's own preprocessing into its batches.</summary>
public static class PreprocessedBatches
{
    /// <summary>Batches of pictures with classes, decoded, resized and normalised. What cannot be decoded is a broken record.</summary>
    /// <inheritdoc cref="ClassifierBatches.ToBatches{TBatch}(IRecords{ClassifiedPicture}, PictureWriter, DataOptions, Func{int, TBatch}, Func{TBatch, ValueTuple{PictureBatch, int[]}})"/>
    public static DataBatches<ClassifiedPicture, TBatch> ToBatches<TBatch>(
        this IRecords<ClassifiedPicture> pictures, PicturePreprocessor preprocessor, DataOptions options, Func<int, TBatch> create, Func<TBatch, (PictureBatch Inputs, int[] Labels)> arrays)
        where TBatch : class => pictures.ToBatches((bytes, name, pixels, _) => preprocessor.Write(bytes, name, pixels), options, create, arrays);
}
