using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Vision.Motion;

/// <summary>
/// What size a single vehicle has at each height of the picture, learned from blobs that look like one vehicle. It tells a platoon
/// that melted into one blob from a lorry, and a lorry that fell into pieces from several cars. Pure and deterministic.
/// </summary>
internal sealed class SizeByRow
{
    private const int Bands = 12;
    private const int Enough = 25;

    private readonly List<float>[] _widths = [.. Enumerable.Range(0, Bands).Select(_ => new List<float>())];
    private readonly List<float>[] _heights = [.. Enumerable.Range(0, Bands).Select(_ => new List<float>())];
    private readonly int[] _oldest = new int[Bands];
    private readonly List<float> _sorted = [];
    private readonly int _pictureHeight;

    public SizeByRow(int pictureHeight) => _pictureHeight = pictureHeight;

    /// <summary>
    /// Width and height, in pixels, below which the given share of the single vehicles at the row of a box's bottom lies; null until enough
    /// was seen there or in the bands beside.
    /// </summary>
    public (float Width, float Height)? At(float bottom, float share)
    {
        var band = BandOf(bottom);
        for (var reach = 0; reach <= 1; reach++)
        {
            var (from, to) = (Math.Max(0, band - reach), Math.Min(Bands - 1, band + reach));
            var seen = 0;
            for (var b = from; b <= to; b++) seen += _widths[b].Count;
            if (seen >= Enough) return (Quantile(_widths, from, to, share), Quantile(_heights, from, to, share));
        }

        return null;
    }

    public void Learn(in Box box)
    {
        const int Kept = 200;
        var band = BandOf(box.Bottom);
        if (_widths[band].Count < Kept)
        {
            _widths[band].Add(box.Width);
            _heights[band].Add(box.Height);
            return;
        }

        _widths[band][_oldest[band]] = box.Width;
        _heights[band][_oldest[band]] = box.Height;
        _oldest[band] = (_oldest[band] + 1) % Kept;
    }

    private int BandOf(float bottom) => Math.Clamp((int)(bottom / _pictureHeight * Bands), 0, Bands - 1);

    private float Quantile(List<float>[] values, int from, int to, float share)
    {
        _sorted.Clear();
        for (var b = from; b <= to; b++) _sorted.AddRange(values[b]);
        _sorted.Sort();
        return _sorted[(int)(_sorted.Count * share)];
    }
}
