namespace ModelCompiler.Runtime.Cpu;

/// <summary>
/// Cuts a product into chunks for threads: rows of tiles first, columns where those are too few. How it is cut changes no bits, so it
/// may follow the number of threads: about four chunks each.
/// </summary>
internal struct GemmChunks
{
    private readonly int _tiles, _rowChunks, _wanted;
    private int _columnChunks;

    public GemmChunks(int rows, int tileRows, int threads)
    {
        _tiles = (rows + tileRows - 1) / tileRows;
        _wanted = 4 * threads;
        var fewest = (_tiles + Gemm.TileRowsPerChunk - 1) / Gemm.TileRowsPerChunk;
        var chunks = Math.Max(fewest, Math.Min((_tiles + (Gemm.TileRowsPerChunk / 2) - 1) / (Gemm.TileRowsPerChunk / 2), _wanted));
        _rowChunks = Math.Min((chunks + threads - 1) / threads * threads, _tiles);
        _columnChunks = 1;
    }

    /// <summary>Number of chunks for so many panels of columns and splits of the inner dimension.</summary>
    public int Split(int panels, int splits)
    {
        _columnChunks = 1;
        while (_rowChunks * _columnChunks * splits < _wanted && panels / (_columnChunks + 1) >= 2)
        {
            _columnChunks++;
        }

        return _rowChunks * _columnChunks * splits;
    }

    public readonly GemmPiece Piece(int chunk, int panels, int splits)
    {
        var row = chunk % _rowChunks;
        var column = chunk / _rowChunks % _columnChunks;
        return new GemmPiece
        {
            FirstTile = Part(_tiles, row, _rowChunks),
            LastTile = Part(_tiles, row + 1, _rowChunks),
            FirstPanel = Part(panels, column, _columnChunks),
            LastPanel = Part(panels, column + 1, _columnChunks),
            Split = chunk / (_rowChunks * _columnChunks),
        };
    }

    private static int Part(int count, int number, int parts) => (int)((long)count * number / parts);
}

/// <summary>One chunk: tiles and panels from the first up to, not including, the last.</summary>
internal struct GemmPiece
{
    public int FirstTile, LastTile, FirstPanel, LastPanel, Split;
}
