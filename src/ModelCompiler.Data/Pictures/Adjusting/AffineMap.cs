namespace ModelCompiler.Data;

/// <summary>Where a new pixel comes from: x = a x' + b y' + c, y = d x' + e y' + f.</summary>
internal readonly record struct AffineMap(double A, double B, double C, double D, double E, double F)
{
    // Pillow rounds sines and cosines here, so that quarter turns are exact.
    private const int Digits = 15;

    /// <summary>Against the clock about a centre.</summary>
    public static AffineMap Rotation(double degrees, double x, double y)
    {
        var angle = -double.DegreesToRadians(degrees);
        var (sine, cosine) = (Math.Round(Math.Sin(angle), Digits), Math.Round(Math.Cos(angle), Digits));
        var map = new AffineMap(cosine, sine, 0, -sine, cosine, 0);
        var (movedX, movedY) = map.At(-x, -y);
        return map with { C = movedX + x, F = movedY + y };
    }

    /// <summary>The way back from a turn with the clock, a shear, a scale and a move.</summary>
    public static AffineMap Inverse((double X, double Y) centre, double degrees, (int X, int Y) translation, double scale, (double X, double Y) shear)
    {
        var (angle, along, across) = (double.DegreesToRadians(degrees), double.DegreesToRadians(shear.X), double.DegreesToRadians(shear.Y));
        var a = Math.Cos(angle - across) / Math.Cos(across);
        var b = (-Math.Cos(angle - across) * Math.Tan(along) / Math.Cos(across)) - Math.Sin(angle);
        var c = Math.Sin(angle - across) / Math.Cos(across);
        var d = (-Math.Sin(angle - across) * Math.Tan(along) / Math.Cos(across)) + Math.Cos(angle);
        var map = new AffineMap(d / scale, -b / scale, 0, -c / scale, a / scale, 0);
        var (x, y) = map.At(-centre.X - translation.X, -centre.Y - translation.Y);
        return map with { C = x + centre.X, F = y + centre.Y };
    }

    /// <summary>The same turn onto a canvas that holds all of a picture.</summary>
    public AffineMap Expanded(int width, int height, out int newWidth, out int newHeight)
    {
        var self = this;
        (double X, double Y)[] corners = [.. new[] { (0, 0), (width, 0), (width, height), (0, height) }.Select(c => self.At(c.Item1, c.Item2))];
        newWidth = (int)(Math.Ceiling(corners.Max(static c => c.X)) - Math.Floor(corners.Min(static c => c.X)));
        newHeight = (int)(Math.Ceiling(corners.Max(static c => c.Y)) - Math.Floor(corners.Min(static c => c.Y)));
        var (x, y) = At(-(newWidth - width) / 2.0, -(newHeight - height) / 2.0);
        return this with { C = x, F = y };
    }

    /// <summary>The same seen by pixels that are so much wider and higher.</summary>
    public AffineMap From(double width, double height) => this with { A = A * width, B = B * height, D = D * width, E = E * height };

    public (double X, double Y) At(double x, double y) => ((A * x) + (B * y) + C, (D * x) + (E * y) + F);
}
