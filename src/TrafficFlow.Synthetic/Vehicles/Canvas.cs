using System.Numerics;

namespace TrafficFlow.Synthetic.Vehicles;

/// <summary>
/// Triangles with depth, two by two samples for each pixel. Only the tiles that were touched are cleared and merged, so an empty street
/// costs nothing. What stands in front in the background hides what is drawn.
/// </summary>
internal sealed unsafe class Canvas
{
    private const int TileShift = 4;
    private const int TileSize = 1 << TileShift;
    private readonly float[] _background;
    private readonly float[] _depths;
    private readonly uint[] _samples;
    private readonly bool[] _touched;
    private readonly int _tilesAcross;

    public Canvas(int width, int height, float[] backgroundDepths)
    {
        Width = width * 2;
        Height = height * 2;
        _background = backgroundDepths;
        _depths = (float[])backgroundDepths.Clone();
        _samples = new uint[Width * Height];
        _tilesAcross = (Width + TileSize - 1) >> TileShift;
        _touched = new bool[_tilesAcross * ((Height + TileSize - 1) >> TileShift)];
    }

    /// <summary>In samples: twice the picture's width.</summary>
    public int Width { get; }

    public int Height { get; }

    /// <summary>X and Y in samples, Z is one divided by depth; colours are B, G, R of 0..255. Anticlockwise is the front.</summary>
    public void Fill(Vector3 a, Vector3 b, Vector3 c, Vector3 colourA, Vector3 colourB, Vector3 colourC)
    {
        var area = ((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X));
        // The picture's y points down, so the front is clockwise here.
        if (area >= -1e-4f) return;
        var x0 = Math.Max(0, (int)MathF.Floor(MathF.Min(a.X, MathF.Min(b.X, c.X))));
        var y0 = Math.Max(0, (int)MathF.Floor(MathF.Min(a.Y, MathF.Min(b.Y, c.Y))));
        var x1 = Math.Min(Width - 1, (int)MathF.Ceiling(MathF.Max(a.X, MathF.Max(b.X, c.X))));
        var y1 = Math.Min(Height - 1, (int)MathF.Ceiling(MathF.Max(a.Y, MathF.Max(b.Y, c.Y))));
        if (x0 > x1 || y0 > y1) return;
        Touch(x0, y0, x1, y1);

        // All values are planes over the picture: start, change per column, change per row.
        var scale = 1 / area;
        Plane(colourA.X, colourB.X, colourC.X, out var blue, out var blueX, out var blueY);
        Plane(colourA.Y, colourB.Y, colourC.Y, out var green, out var greenX, out var greenY);
        Plane(colourA.Z, colourB.Z, colourC.Z, out var red, out var redX, out var redY);
        Plane(a.Z + 2e-5f, b.Z + 2e-5f, c.Z + 2e-5f, out var near, out var nearX, out var nearY);
        fixed (float* depths = _depths)
        fixed (uint* samples = _samples)
        {
            for (var y = y0; y <= y1; y++)
            {
                var py = y + 0.5f;
                float left = x0, right = x1 + 1;
                if (!Clip(a, b, py, ref left, ref right) || !Clip(b, c, py, ref left, ref right) || !Clip(c, a, py, ref left, ref right)) continue;
                var from = (int)MathF.Ceiling(left - 0.5f);
                var to = (int)MathF.Ceiling(right - 0.5f);
                if (from >= to) continue;
                var (dx, dy) = (from + 0.5f - a.X, py - a.Y);
                var z = near + (nearX * dx) + (nearY * dy);
                var bv = blue + (blueX * dx) + (blueY * dy);
                var gv = green + (greenX * dx) + (greenY * dy);
                var rv = red + (redX * dx) + (redY * dy);
                var at = (y * Width) + from;
                for (var x = from; x < to; x++, at++)
                {
                    if (z > depths[at])
                    {
                        depths[at] = z;
                        samples[at] = 0xFF000000u | ((uint)Math.Clamp((int)rv, 0, 255) << 16) | ((uint)Math.Clamp((int)gv, 0, 255) << 8) | (uint)Math.Clamp((int)bv, 0, 255);
                    }

                    z += nearX;
                    bv += blueX;
                    gv += greenX;
                    rv += redX;
                }
            }
        }

        void Plane(float va, float vb, float vc, out float start, out float perColumn, out float perRow)
        {
            start = va;
            perColumn = (((vb - va) * (c.Y - a.Y)) - ((vc - va) * (b.Y - a.Y))) * scale;
            perRow = (((vc - va) * (b.X - a.X)) - ((vb - va) * (c.X - a.X))) * scale;
        }

        static bool Clip(Vector3 p, Vector3 q, float y, ref float left, ref float right)
        {
            // Inside is to the right of edges that go up in the picture and to the left of edges that go down.
            var (dx, dy) = (q.X - p.X, q.Y - p.Y);
            if (dy == 0) return dx < 0 ? y >= p.Y : y <= p.Y;
            var x = p.X + (dx * (y - p.Y) / dy);
            if (dy > 0) left = MathF.Max(left, x);
            else right = MathF.Min(right, x);
            return left < right;
        }
    }

    /// <summary>Merges what was drawn into a B G R picture of half the width and height, and wipes the canvas.</summary>
    public void MergeInto(byte* picture)
    {
        var tilesDown = _touched.Length / _tilesAcross;
        for (var ty = 0; ty < tilesDown; ty++)
        {
            for (var tx = 0; tx < _tilesAcross; tx++)
            {
                if (!_touched[(ty * _tilesAcross) + tx]) continue;
                _touched[(ty * _tilesAcross) + tx] = false;
                MergeTile(picture, tx << TileShift, ty << TileShift);
            }
        }
    }

    /// <summary>True where nothing lies nearer than a place: x and y in samples, one divided by its depth.</summary>
    public bool IsNearest(float x, float y, float near) =>
        x >= 0 && y >= 0 && x < Width && y < Height && _depths[((int)y * Width) + (int)x] <= (near * 1.01f) + 1e-4f;

    /// <summary>Adds what was drawn to the silhouettes, by the number that is its colour, and wipes the canvas.</summary>
    /// <param name="found">By number; 0 is nobody's.</param>
    public void Gather(Span<Silhouette> found)
    {
        for (var tile = 0; tile < _touched.Length; tile++)
        {
            if (!_touched[tile]) continue;
            _touched[tile] = false;
            var (left, top) = ((tile % _tilesAcross) << TileShift, (tile / _tilesAcross) << TileShift);
            var (right, bottom) = (Math.Min(Width, left + TileSize), Math.Min(Height, top + TileSize));
            for (var y = top; y < bottom; y++)
            {
                for (var x = left; x < right; x++)
                {
                    var number = (int)(_samples[(y * Width) + x] & 0xFFFFFF);
                    if (number != 0) found[number].Add(x, y);
                }
            }

            Wipe(left, top, right, bottom);
        }
    }

    private void MergeTile(byte* picture, int left, int top)
    {
        var (right, bottom) = (Math.Min(Width, left + TileSize), Math.Min(Height, top + TileSize));
        fixed (uint* samples = _samples)
        {
            for (var y = top; y < bottom; y += 2)
            {
                var upper = samples + (y * Width);
                var lower = upper + Width;
                var pixel = picture + (3 * (((y >> 1) * (Width >> 1)) + (left >> 1)));
                for (var x = left; x < right; x += 2, pixel += 3)
                {
                    var (p, q, r, s) = (upper[x], upper[x + 1], lower[x], lower[x + 1]);
                    if ((p | q | r | s) == 0) continue;
                    var missing = 4 - (int)((p >> 31) + (q >> 31) + (r >> 31) + (s >> 31));
                    // Samples without a vehicle are zero and let the street through.
                    pixel[0] = (byte)(((p & 255) + (q & 255) + (r & 255) + (s & 255) + (missing * pixel[0]) + 2) >> 2);
                    pixel[1] = (byte)((((p >> 8) & 255) + ((q >> 8) & 255) + ((r >> 8) & 255) + ((s >> 8) & 255) + (missing * pixel[1]) + 2) >> 2);
                    pixel[2] = (byte)((((p >> 16) & 255) + ((q >> 16) & 255) + ((r >> 16) & 255) + ((s >> 16) & 255) + (missing * pixel[2]) + 2) >> 2);
                }
            }

        }

        Wipe(left, top, right, bottom);
    }

    private void Wipe(int left, int top, int right, int bottom)
    {
        for (var y = top; y < bottom; y++)
        {
            var at = (y * Width) + left;
            Array.Clear(_samples, at, right - left);
            Array.Copy(_background, at, _depths, at, right - left);
        }
    }

    private void Touch(int x0, int y0, int x1, int y1)
    {
        for (var ty = y0 >> TileShift; ty <= y1 >> TileShift; ty++)
        {
            for (var tx = x0 >> TileShift; tx <= x1 >> TileShift; tx++) _touched[(ty * _tilesAcross) + tx] = true;
        }
    }
}
