using System.Numerics;
using System.Runtime.InteropServices;

namespace TrafficFlow.Core.Scene;

/// <summary>Where the scene of a look lies in a picture: each structured tile is searched for, and their sum decides.</summary>
internal sealed class SceneMatch
{
    private readonly SceneGrid _grid;
    private readonly int _reach;
    private readonly int _span;
    private readonly int _paddedWidth;
    private readonly float[] _padded;
    private readonly float[] _squares;
    private readonly float[][] _surfaces;
    private readonly double[] _sum;
    private readonly List<TileMove> _moves = [];

    public SceneMatch(SceneGrid grid)
    {
        _grid = grid;
        _reach = grid.Reach;
        _span = (2 * _reach) + 1;
        _paddedWidth = grid.Width + (2 * _reach);
        var paddedHeight = grid.Height + (2 * _reach);
        _padded = new float[2 * _paddedWidth * paddedHeight];
        _squares = new float[(_paddedWidth + 1) * (paddedHeight + 1)];
        _surfaces = [.. grid.Tiles.Select(_ => new float[_span * _span])];
        _sum = new double[_span * _span];
        Agreement = new float[grid.Tiles.Count];
    }

    /// <summary>Of each structured tile with its place in the look, shifted as all are: -1..1. 0 for the others.</summary>
    public float[] Agreement { get; }

    /// <summary>Shift of the scene to the right and down, coarse pixels, finer than one.</summary>
    public double ShiftX { get; private set; }

    public double ShiftY { get; private set; }

    /// <summary>Mean size of the tiles' own shifts, coarse pixels: of a turn or a zoom too, which have no shift as a whole.</summary>
    public double Displacement { get; private set; }

    public double RotationDegrees { get; private set; }

    public double Zoom { get; private set; } = 1;

    /// <summary>How many tiles agree on the place.</summary>
    public int Agreeing { get; private set; }

    /// <param name="near">Search only so far, coarse pixels: enough to see that nothing has moved.</param>
    public void Find(SceneLook look, ScenePicture picture, double agreement, int? near = null)
    {
        Pad(picture);
        var reach = Math.Min(near ?? _reach, _reach);
        Array.Clear(_sum);
        Array.Clear(Agreement);
        foreach (var t in look.Structured) Correlate(look, t, reach);
        var (bestX, bestY) = Best(reach);
        Choose(look, agreement, ref bestX, ref bestY);
        ShiftX = bestX + Peak(bestX, bestY, 1, 0, reach);
        ShiftY = bestY + Peak(bestX, bestY, 0, 1, reach);
        Agreeing = 0;
        foreach (var t in look.Structured)
        {
            Agreement[t] = Around(t, bestX, bestY, reach);
            if (Agreement[t] >= agreement) Agreeing++;
        }

        Fit(look, agreement, bestX, bestY, reach);
    }

    private void Pad(ScenePicture picture)
    {
        for (var y = 0; y < _grid.Height; y++)
        {
            picture.Edges.AsSpan(2 * y * _grid.Width, 2 * _grid.Width)
                .CopyTo(_padded.AsSpan(2 * (((y + _reach) * _paddedWidth) + _reach), 2 * _grid.Width));
        }

        var stride = _paddedWidth + 1;
        for (var y = 0; y < _grid.Height + (2 * _reach); y++)
        {
            var row = 0f;
            for (var x = 0; x < _paddedWidth; x++)
            {
                var at = 2 * ((y * _paddedWidth) + x);
                row += (_padded[at] * _padded[at]) + (_padded[at + 1] * _padded[at + 1]);
                _squares[((y + 1) * stride) + x + 1] = _squares[(y * stride) + x + 1] + row;
            }
        }
    }

    private void Correlate(SceneLook look, int t, int reach)
    {
        var (tile, surface, stride) = (_grid.Tiles[t], _surfaces[t], _paddedWidth + 1);
        for (var dy = -reach; dy <= reach; dy++)
        {
            for (var dx = -reach; dx <= reach; dx++)
            {
                var (left, top) = (tile.Left + dx + _reach, tile.Top + dy + _reach);
                var product = 0f;
                for (var y = 0; y < tile.Height; y++)
                {
                    product += Dot(
                        look.Edges.AsSpan(2 * (((tile.Top + y) * _grid.Width) + tile.Left), 2 * tile.Width),
                        _padded.AsSpan(2 * (((top + y) * _paddedWidth) + left), 2 * tile.Width));
                }

                var (bottom, right) = ((top + tile.Height) * stride, left + tile.Width);
                var squares = _squares[bottom + right] - _squares[bottom + left] - _squares[(top * stride) + right] + _squares[(top * stride) + left];
                // A window with far less structure than the tile must not win by chance.
                var value = product / MathF.Sqrt(look.Structure[t] * MathF.Max(squares, 0.25f * look.Structure[t]));
                surface[At(dx, dy)] = value;
                if (value > 0) _sum[At(dx, dy)] += value * value;
            }
        }
    }

    private (int X, int Y) Best(int reach)
    {
        var best = (X: 0, Y: 0);
        for (var y = -reach; y <= reach; y++)
        {
            for (var x = -reach; x <= reach; x++)
            {
                if (_sum[At(x, y)] > _sum[At(best.X, best.Y)]) best = (x, y);
            }
        }

        return best;
    }

    /// <summary>
    /// Text that the camera writes into its picture does not move with it, and a stripe fits in many places: a shift needs clearly more tiles
    /// that say so than tiles that say that nothing has moved.
    /// </summary>
    private void Choose(SceneLook look, double agreement, ref int x, ref int y)
    {
        if (Math.Abs(x) <= 1 && Math.Abs(y) <= 1) return;
        var (shifted, still) = (0, 0);
        foreach (var t in look.Structured)
        {
            var (there, here) = (_surfaces[t][At(x, y)], _surfaces[t][At(0, 0)]);
            if (there > here + 0.1 && there >= agreement) shifted++;
            if (here > there + 0.1 && here >= agreement) still++;
        }

        if (shifted < 1.5 * still || shifted < 2) (x, y) = (0, 0);
    }

    private float Around(int t, int x, int y, int reach)
    {
        var best = -1f;
        for (var v = Math.Max(-reach, y - 1); v <= Math.Min(reach, y + 1); v++)
        {
            for (var u = Math.Max(-reach, x - 1); u <= Math.Min(reach, x + 1); u++) best = MathF.Max(best, _surfaces[t][At(u, v)]);
        }

        return best;
    }

    /// <summary>
    /// A similarity through the tiles' own shifts, least squares; once more without those that it does not fit. A turn or a zoom deforms the
    /// tiles, so they need not agree as well as for a place.
    /// </summary>
    private void Fit(SceneLook look, double agreement, int bestX, int bestY, int reach)
    {
        const double Deformed = 0.8;
        (RotationDegrees, Zoom, Displacement) = (0, 1, Math.Sqrt((ShiftX * ShiftX) + (ShiftY * ShiftY)));
        _moves.Clear();
        foreach (var t in look.Structured)
        {
            var (x, y) = PeakOf(t, bestX, bestY, Math.Min(reach, 6), reach);
            if (_surfaces[t][At(x, y)] < Deformed * agreement || !IsPeaked(t, x, y, reach)) continue;
            var tile = _grid.Tiles[t];
            _moves.Add(new TileMove(
                tile.CenterX - (_grid.Width / 2.0), tile.CenterY - (_grid.Height / 2.0),
                x + Fine(_surfaces[t], x, y, 1, 0, reach), y + Fine(_surfaces[t], x, y, 0, 1, reach)));
        }

        if (Similarity.Through(_moves, _grid.Width) is not { } first) return;
        _moves.RemoveAll(m => first.Residual(m) > _grid.Width * 0.01);
        if (Similarity.Through(_moves, _grid.Width) is not { } fit) return;
        (RotationDegrees, Zoom) = (fit.RotationDegrees, fit.Zoom);
        (ShiftX, ShiftY) = fit.At(0, 0);
        Displacement = _moves.Average(m =>
        {
            var (u, v) = fit.At(m.X, m.Y);
            return Math.Sqrt((u * u) + (v * v));
        });
    }

    private (int X, int Y) PeakOf(int t, int x, int y, int around, int reach)
    {
        var best = (X: x, Y: y);
        for (var v = Math.Max(-reach, y - around); v <= Math.Min(reach, y + around); v++)
        {
            for (var u = Math.Max(-reach, x - around); u <= Math.Min(reach, x + around); u++)
            {
                if (_surfaces[t][At(u, v)] > _surfaces[t][At(best.X, best.Y)]) best = (u, v);
            }
        }

        return best;
    }

    /// <summary>Not along a single edge, which looks the same all along.</summary>
    private bool IsPeaked(int t, int x, int y, int reach)
    {
        const int Step = 2;
        const float Fall = 0.15f;
        if (Math.Abs(x) + Step > reach || Math.Abs(y) + Step > reach) return false;
        var here = _surfaces[t][At(x, y)];
        return Falls(Step, 0) && Falls(0, Step) && Falls(Step, Step) && Falls(Step, -Step);

        bool Falls(int u, int v) => here - MathF.Max(_surfaces[t][At(x + u, y + v)], _surfaces[t][At(x - u, y - v)]) > Fall;
    }

    private double Peak(int x, int y, int stepX, int stepY, int reach)
    {
        if (Math.Abs(x) + stepX > reach || Math.Abs(y) + stepY > reach) return 0;
        return Parabola(_sum[At(x - stepX, y - stepY)], _sum[At(x, y)], _sum[At(x + stepX, y + stepY)]);
    }

    private double Fine(float[] surface, int x, int y, int stepX, int stepY, int reach)
    {
        if (Math.Abs(x) + stepX > reach || Math.Abs(y) + stepY > reach) return 0;
        return Parabola(surface[At(x - stepX, y - stepY)], surface[At(x, y)], surface[At(x + stepX, y + stepY)]);
    }

    private static double Parabola(double before, double here, double after)
    {
        var bend = before - (2 * here) + after;
        return bend >= 0 ? 0 : Math.Clamp((before - after) / (2 * bend), -0.5, 0.5);
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var left = MemoryMarshal.Cast<float, Vector<float>>(a);
        var right = MemoryMarshal.Cast<float, Vector<float>>(b);
        var sum = Vector<float>.Zero;
        for (var i = 0; i < left.Length; i++) sum += left[i] * right[i];
        var total = Vector.Sum(sum);
        for (var i = left.Length * Vector<float>.Count; i < a.Length; i++) total += a[i] * b[i];
        return total;
    }

    private int At(int x, int y) => ((y + _reach) * _span) + x + _reach;
}
