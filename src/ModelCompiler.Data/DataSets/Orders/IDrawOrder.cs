namespace ModelCompiler.Data;

/// <summary>Which record stands at which place of a run: a pure function of the place, so that a run can be entered anywhere. Places go on through all epochs. Not for several threads at once.</summary>
internal interface IDrawOrder
{
    /// <summary>Places of an epoch.</summary>
    long EpochLength { get; }

    /// <summary>All that decides it, in words.</summary>
    string Identity { get; }

    /// <summary>The record at a place, 0 or more.</summary>
    Draw At(long place);

    /// <summary>The records that another one is drawn of where the one at the place is broken. For several threads at once.</summary>
    (long First, long Count) Pool(Draw draw);
}

/// <summary>A record at its turn.</summary>
/// <param name="Epoch">How often all records of its set had their turn before.</param>
/// <param name="Index">Its number.</param>
internal readonly record struct Draw(long Epoch, long Index);
