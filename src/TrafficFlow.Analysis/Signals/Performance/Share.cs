namespace TrafficFlow.Analysis.Signals.Performance;

/// <summary>A part of some that were counted, with its 95 % interval (E. B. Wilson, Probable inference, JASA 22, 1927), which holds for small counts too.</summary>
public readonly record struct Share(long Part, long All)
{
    private const double Z = 1.959964;

    /// <summary>0..1; null of nothing.</summary>
    public double? Value => All > 0 ? (double)Part / All : null;

    public double Low => Bound(-1);

    public double High => Bound(1);

    private double Bound(int side)
    {
        if (All <= 0) return side < 0 ? 0 : 1;
        var (p, n) = ((double)Part / All, (double)All);
        var middle = p + (Z * Z / (2 * n));
        var reach = Z * Math.Sqrt((p * (1 - p) / n) + (Z * Z / (4 * n * n)));
        return Math.Clamp((middle + (side * reach)) / (1 + (Z * Z / n)), 0, 1);
    }
}
