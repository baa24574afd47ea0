namespace ModelCompiler.Runtime;

/// <summary>How a parameter starts.</summary>
public abstract record Initializer
{
    private protected Initializer()
    {
    }

    /// <summary>Fills a tensor of a shape.</summary>
    internal abstract void Fill(float[] values, int[] shape, InitialNumbers random);

    public sealed record Constant(double Value) : Initializer
    {
        internal override void Fill(float[] values, int[] shape, InitialNumbers random) => Array.Fill(values, (float)Value);
    }

    public sealed record Normal(double Deviation) : Initializer
    {
        internal override void Fill(float[] values, int[] shape, InitialNumbers random) => random.Fill(values, u => Deviation * NormalDistribution.Quantile(u));
    }

    /// <summary>Normal, none beyond two deviations (of the distribution that is cut).</summary>
    public sealed record Truncated(double Deviation) : Initializer
    {
        private const double Below = 0.022750131948179207; // the probability of less than -2 deviations

        internal override void Fill(float[] values, int[] shape, InitialNumbers random) =>
            random.Fill(values, u => Deviation * NormalDistribution.Quantile(Below + ((1 - (2 * Below)) * u)));
    }

    /// <summary>Uniform within +-bound.</summary>
    public sealed record Uniform(double Bound) : Initializer
    {
        internal override void Fill(float[] values, int[] shape, InitialNumbers random) => random.Fill(values, u => Bound * ((2 * u) - 1));
    }

    /// <summary>PE[p, 2i] = sin(p / 10000^(2i/D)), PE[p, 2i + 1] = cos of the same (Vaswani et al. 2017).</summary>
    /// <param name="Halves">The cosines stand behind all sines instead of beside them (Marian).</param>
    public sealed record Sinusoid(bool Halves = false) : Initializer
    {
        internal override void Fill(float[] values, int[] shape, InitialNumbers random)
        {
            var width = shape[1];
            var sines = (width + 1) / 2;
            for (var i = 0; i < values.Length; i++)
            {
                var (position, channel) = (i / width, i % width);
                var (pair, isSine) = Halves ? (channel % sines, channel < sines) : (channel / 2, channel % 2 == 0);
                var angle = position / Math.Pow(10000, pair * 2 / (double)width);
                values[i] = (float)(isSine ? Math.Sin(angle) : Math.Cos(angle));
            }
        }
    }

    /// <summary>Rows 2p and 2p + 1: cosines and sines of p / base^(i / columns) (Su et al. 2021).</summary>
    public sealed record Rotary(double Base) : Initializer
    {
        internal override void Fill(float[] values, int[] shape, InitialNumbers random)
        {
            var columns = shape[1];
            for (var i = 0; i < values.Length; i++)
            {
                var (row, pair) = (i / columns, i % columns);
                var angle = row / 2 / Math.Pow(Base, pair / (double)columns);
                values[i] = (float)(row % 2 == 0 ? Math.Cos(angle) : Math.Sin(angle));
            }
        }
    }

    /// <summary>Row y columns + x behind <paramref name="Prefix"/> rows of 0: [sin y, sin x, cos y, cos x] over frequencies 10000^(-i/(D/4)), as timm.</summary>
    public sealed record SinusoidGrid(int Columns, int Prefix) : Initializer
    {
        internal override void Fill(float[] values, int[] shape, InitialNumbers random)
        {
            var width = shape[1];
            var quarter = width / 4;
            for (var i = 0; i < values.Length; i++)
            {
                var (cell, channel) = ((i / width) - Prefix, i % width);
                if (cell < 0)
                {
                    values[i] = 0f;
                    continue;
                }

                var part = channel / quarter;
                var angle = (part % 2 == 0 ? cell / Columns : cell % Columns) / Math.Pow(10000, channel % quarter / (double)quarter);
                values[i] = (float)(part < 2 ? Math.Sin(angle) : Math.Cos(angle));
            }
        }
    }

    /// <summary>Rows of length 1 in random directions: normal numbers, divided by the length of their row.</summary>
    public sealed record UnitRows : Initializer
    {
        internal override void Fill(float[] values, int[] shape, InitialNumbers random)
        {
            random.Fill(values, NormalDistribution.Quantile);
            foreach (var row in values.Chunk(shape[1]).Select((_, i) => i * shape[1]))
            {
                var length = Math.Sqrt(values.AsSpan(row, shape[1]).ToArray().Sum(static v => (double)v * v));
                for (var i = row; i < row + shape[1]; i++)
                {
                    values[i] = (float)(values[i] / length);
                }
            }
        }
    }

    /// <summary>The matrix that resizes a table of positions: prefix rows pass, the grid is resized bicubically (a = -0.75, corners not aligned, as torch).</summary>
    public sealed record BicubicResize(int FromRows, int FromColumns, int ToRows, int ToColumns, int Prefix) : Initializer
    {
        /// <summary>Whether shrinking averages over all places; see <see cref="BicubicWeights"/>.</summary>
        internal bool Antialias { get; init; }

        internal override void Fill(float[] values, int[] shape, InitialNumbers random)
        {
            Array.Clear(values);
            var width = Prefix + (FromRows * FromColumns);
            for (var i = 0; i < Prefix; i++)
            {
                values[(i * width) + i] = 1f;
            }

            for (var y = 0; y < ToRows; y++)
            {
                var vertical = BicubicWeights.Of(y, FromRows, ToRows, Antialias);
                for (var x = 0; x < ToColumns; x++)
                {
                    foreach (var (column, across) in BicubicWeights.Of(x, FromColumns, ToColumns, Antialias))
                    {
                        foreach (var (row, down) in vertical)
                        {
                            values[((Prefix + (y * ToColumns) + x) * width) + Prefix + (row * FromColumns) + column] += (float)(down * across);
                        }
                    }
                }
            }
        }
    }
}
