namespace TrafficFlow.Core.Scene.Visibility;

/// <summary>
/// Finds lamps that outshine the vehicles that carry them: in a dark street, spots without any drawing left, far larger than a lamp is. Windows and
/// signs are always there and do not count. By day nothing outshines a vehicle.
/// </summary>
internal sealed class GlareMeter(SceneGrid grid, bool[] road)
{
    /// <summary>From here a sensor tells nothing apart.</summary>
    private const int Saturated = 245;

    /// <summary>A brighter road is not seen by lamps.</summary>
    private const double NightLevel = 110;

    /// <summary>Share of a change by which the memory of what is always bright follows.</summary>
    private const float Follow = 0.05f;

    private readonly float[] _usual = new float[road.Length];
    private readonly int[] _runs = new int[road.Length];
    private bool _hasLooked;

    /// <param name="level">Median grey level of the road.</param>
    /// <returns>Side of the largest square that is saturated, in widths of the picture.</returns>
    public double LargestBlob(ReadOnlySpan<byte> fine, double level)
    {
        var (width, largest) = (grid.FineWidth, 0);
        for (var y = 0; y < grid.FineHeight; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var at = (y * width) + x;
                var isBright = fine[at] >= Saturated;
                // What is bright from the first look on is taken for a window until it goes.
                _usual[at] += (_hasLooked ? Follow : 1) * ((isBright ? 1 : 0) - _usual[at]);
                // Side of the largest square that ends here.
                _runs[at] = !isBright || !road[at] || _usual[at] > 0.5f ? 0
                    : 1 + (x == 0 || y == 0 ? 0 : Math.Min(_runs[at - 1], Math.Min(_runs[at - width], _runs[at - width - 1])));
                largest = Math.Max(largest, _runs[at]);
            }
        }

        _hasLooked = true;
        return level < NightLevel ? (double)largest / width : 0;
    }
}
