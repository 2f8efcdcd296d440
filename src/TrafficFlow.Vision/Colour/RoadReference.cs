using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Vision.Colour;

/// <summary>
/// The static picture on a coarse grid, and of it the road: where vehicles drive. Asphalt is grey, so the road's cast is the light's cast,
/// and its brightness beside a vehicle is the light that falls on the vehicle. Learns while it watches; a frame allocates nothing.
/// </summary>
internal sealed class RoadReference
{
    private const int Columns = 160;
    private const int Few = 24;
    private const int Bins = 96;
    private const float Octaves = 1.5f;

    private readonly int _step;
    private readonly int _columns;
    private readonly int _rows;
    private readonly float[] _blue;
    private readonly float[] _green;
    private readonly float[] _red;
    private readonly byte[] _seen;
    private readonly bool[] _isRoad;
    private readonly bool[] _isCovered;
    private readonly int[] _redBins = new int[Bins];
    private readonly int[] _blueBins = new int[Bins];
    private readonly int[] _lightBins = new int[256];
    private long _updates;

    public RoadReference(int width, int height)
    {
        _step = Math.Max(1, width / Columns);
        (_columns, _rows) = (width / _step, height / _step);
        var cells = _columns * _rows;
        (_blue, _green, _red) = (new float[cells], new float[cells], new float[cells]);
        (_seen, _isRoad, _isCovered) = (new byte[cells], new bool[cells], new bool[cells]);
    }

    /// <summary>What red light is to be multiplied by so that the road is grey; green stays.</summary>
    public float RedGain { get; private set; } = 1;

    public float BlueGain { get; private set; } = 1;

    /// <summary>Linear luminance of the road in the middle of its range, 0..1; null until enough of it was seen.</summary>
    public float? Luminance { get; private set; }

    /// <summary>Takes a picture and what was found in it; a few times a second is enough.</summary>
    public void Update(AnonymizedFrame frame, List<Detection> detections, float sure)
    {
        Array.Clear(_isCovered);
        foreach (var detection in detections)
        {
            var box = detection.Box;
            Mark(_isCovered, box.X - (0.1f * box.Width), box.Y - (0.1f * box.Height), box.Right + (0.1f * box.Width), box.Bottom + (0.2f * box.Height));
            // Vehicles meet the road in the lower part of their box.
            if (detection.Kind == DetectedKind.Vehicle && detection.Score >= sure)
                Mark(_isRoad, box.X, box.Bottom - (0.3f * box.Height), box.Right, box.Bottom + (0.15f * box.Height));
        }

        var pixels = frame.Pixels;
        for (var row = 0; row < _rows; row++)
        {
            var at = ((((row * _step) + (_step / 2)) * frame.Width) + (_step / 2)) * 3;
            for (var cell = row * _columns; cell < (row + 1) * _columns; cell++, at += 3 * _step)
            {
                if (!_isCovered[cell]) Learn(cell, pixels[at], pixels[at + 1], pixels[at + 2]);
            }
        }

        // The light changes in minutes; in the first seconds the road itself becomes known.
        if (_updates++ < 20 || _updates % 10 == 0) Balance();
    }

    /// <summary>True where a pixel is the static picture's own and no part of a vehicle.</summary>
    public bool IsBackground(int x, int y, byte blue, byte green, byte red)
    {
        const float Alike = 14;
        var cell = CellAt(x, y);
        return _seen[cell] > 2 && Math.Abs(_blue[cell] - blue) < Alike && Math.Abs(_green[cell] - green) < Alike && Math.Abs(_red[cell] - red) < Alike;
    }

    /// <summary>Linear luminance of the road on which a vehicle stands, the part hidden by it included; null while no road is known.</summary>
    public float? LuminanceAt(in Box box)
    {
        var (left, right) = (Column(box.X - (0.2f * box.Width)), Column(box.Right + (0.2f * box.Width)));
        var (top, bottom) = (Row(box.Bottom - (0.35f * box.Height)), Row(box.Bottom + (0.2f * box.Height)));
        var (sum, count) = (0f, 0);
        for (var row = top; row <= bottom; row++)
        {
            for (var column = left; column <= right; column++)
            {
                var cell = (row * _columns) + column;
                if (!_isRoad[cell] || _seen[cell] < 2) continue;
                sum += LuminanceOf(cell);
                count++;
            }
        }

        return count >= 4 ? sum / count : Luminance;
    }

    private void Learn(int cell, byte blue, byte green, byte red)
    {
        const float Slowest = 0.06f;
        const float Jump = 40;
        if (_seen[cell] < byte.MaxValue) _seen[cell]++;
        var share = Math.Max(Slowest, 1f / _seen[cell]);
        // Something undetected that passes moves a known cell only a little.
        var most = _seen[cell] > 8 ? Jump : byte.MaxValue;
        _blue[cell] += share * Math.Clamp(blue - _blue[cell], -most, most);
        _green[cell] += share * Math.Clamp(green - _green[cell], -most, most);
        _red[cell] += share * Math.Clamp(red - _red[cell], -most, most);
    }

    private void Balance()
    {
        if (Measure(onlyRoad: true) < Few && Measure(onlyRoad: false) < Few) return;
        RedGain = 1 / Ratio(_redBins);
        BlueGain = 1 / Ratio(_blueBins);
        Luminance = LinearLight.Of((byte)Median(_lightBins));
    }

    private int Measure(bool onlyRoad)
    {
        Array.Clear(_redBins);
        Array.Clear(_blueBins);
        Array.Clear(_lightBins);
        var count = 0;
        // Without a known road: the lower half of the picture, where cameras look at streets.
        for (var cell = onlyRoad ? 0 : _columns * (_rows / 2); cell < _seen.Length; cell++)
        {
            if (_seen[cell] == 0 || (onlyRoad && !_isRoad[cell])) continue;
            var (b, g, r) = ((byte)_blue[cell], (byte)_green[cell], (byte)_red[cell]);
            // Clipped values have lost their colour, dark ones are noise; masks are black.
            if (g is < 12 or > 235 || r > 245 || b > 245) continue;
            count++;
            _redBins[Bin(LinearLight.Of(r) / LinearLight.Of(g))]++;
            _blueBins[Bin(LinearLight.Of(b) / LinearLight.Of(g))]++;
            _lightBins[g]++;
        }

        return count;
    }

    private static int Bin(float ratio) => Math.Clamp((int)((MathF.Log2(Math.Max(ratio, 0.01f)) + Octaves) / (2 * Octaves) * Bins), 0, Bins - 1);

    private static float Ratio(int[] bins) => MathF.Pow(2, ((Median(bins) + 0.5f) / Bins * 2 * Octaves) - Octaves);

    private static int Median(int[] bins)
    {
        var (total, sum, bin) = (0, 0, 0);
        foreach (var count in bins) total += count;
        for (; bin < bins.Length - 1; bin++)
        {
            sum += bins[bin];
            if (2 * sum >= total) break;
        }

        return bin;
    }

    private float LuminanceOf(int cell) =>
        LinearLight.Luminance(LinearLight.Of((byte)_red[cell]) * RedGain, LinearLight.Of((byte)_green[cell]), LinearLight.Of((byte)_blue[cell]) * BlueGain);

    private void Mark(bool[] cells, float left, float top, float right, float bottom)
    {
        var (from, to) = (Column(left), Column(right));
        for (var row = Row(top); row <= Row(bottom); row++) cells.AsSpan((row * _columns) + from, to - from + 1).Fill(true);
    }

    private int CellAt(int x, int y) => (Math.Min(y / _step, _rows - 1) * _columns) + Math.Min(x / _step, _columns - 1);

    private int Column(float x) => Math.Clamp((int)(x / _step), 0, _columns - 1);

    private int Row(float y) => Math.Clamp((int)(y / _step), 0, _rows - 1);
}
