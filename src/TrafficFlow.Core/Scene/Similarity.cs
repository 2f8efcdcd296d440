namespace TrafficFlow.Core.Scene;

/// <summary>How far one tile has moved: its middle, from the middle of the picture, and its shift; coarse pixels.</summary>
internal readonly record struct TileMove(double X, double Y, double ShiftX, double ShiftY);

/// <summary>A shift, a turn and a magnification of the whole picture.</summary>
internal readonly record struct Similarity(double ShiftX, double ShiftY, double Turn, double Growth)
{
    private const int LeastMoves = 5;

    public double RotationDegrees => Math.Atan2(Turn, 1 + Growth) * 180 / Math.PI;

    public double Zoom => Math.Sqrt(((1 + Growth) * (1 + Growth)) + (Turn * Turn));

    /// <summary>Shift of a place, given from the middle of the picture.</summary>
    public (double X, double Y) At(double x, double y) => (ShiftX + (Growth * x) - (Turn * y), ShiftY + (Turn * x) + (Growth * y));

    public double Residual(in TileMove move)
    {
        var (x, y) = At(move.X, move.Y);
        return Math.Sqrt(((move.ShiftX - x) * (move.ShiftX - x)) + ((move.ShiftY - y) * (move.ShiftY - y)));
    }

    /// <summary>Least squares through the moves; null where they are too few, or lie too close together to tell a turn.</summary>
    public static Similarity? Through(IReadOnlyList<TileMove> moves, int pictureWidth)
    {
        if (moves.Count < LeastMoves) return null;
        var (mx, my, mu, mv) = (moves.Average(m => m.X), moves.Average(m => m.Y), moves.Average(m => m.ShiftX), moves.Average(m => m.ShiftY));
        var (turn, growth, spread) = (0.0, 0.0, 0.0);
        foreach (var m in moves)
        {
            turn += ((m.X - mx) * (m.ShiftY - mv)) - ((m.Y - my) * (m.ShiftX - mu));
            growth += ((m.X - mx) * (m.ShiftX - mu)) + ((m.Y - my) * (m.ShiftY - mv));
            spread += ((m.X - mx) * (m.X - mx)) + ((m.Y - my) * (m.Y - my));
        }

        if (spread < moves.Count * 0.02 * pictureWidth * pictureWidth) return null;
        (turn, growth) = (turn / spread, growth / spread);
        return new Similarity(mu - (growth * mx) + (turn * my), mv - (turn * mx) - (growth * my), turn, growth);
    }
}
