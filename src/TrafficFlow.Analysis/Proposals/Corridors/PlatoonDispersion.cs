namespace TrafficFlow.Analysis.Proposals.Corridors;

/// <summary>
/// How a platoon spreads on its way: q'(t + βT) = F q(t) + (1 - F) q'(t + βT - dt), F = 1 / (1 + αβT / dt), T the mean travel time without queues (Robertson, TRANSYT: A Traffic Network Study Tool,
/// RRL Report LR 253, 1969). The first vehicles need βT, the mean βT + αβT.
/// </summary>
/// <param name="Alpha">Friction: 0.35 in TRANSYT; about 0.25 on a wide road without parking, 0.5 on a narrow one. 0 keeps a platoon as it is.</param>
/// <param name="Beta">0.8 in TRANSYT.</param>
public sealed record PlatoonDispersion(double Alpha = 0.35, double Beta = 0.8)
{
    public static readonly PlatoonDispersion Transyt = new();

    /// <summary>All vehicles need the same time.</summary>
    public static readonly PlatoonDispersion None = new(0, 1);

    /// <summary>What passes the begin of a link, as it comes to its end; both cyclic, the sum stays.</summary>
    /// <param name="stepSeconds">Of one element.</param>
    internal double[] Arrivals(double[] departures, double travelSeconds, double stepSeconds)
    {
        var n = departures.Length;
        var lag = Beta * travelSeconds / stepSeconds;
        var whole = (int)Math.Floor(lag);
        var part = lag - whole;
        var arrivals = new double[n];
        for (var i = 0; i < n; i++)
        {
            // A lag that is no whole step falls into two.
            arrivals[(i + whole) % n] += (1 - part) * departures[i];
            arrivals[(i + whole + 1) % n] += part * departures[i];
        }

        var smoothing = 1 / (1 + (Alpha * lag));
        if (smoothing >= 1) return arrivals;
        // Once around from nothing tells with what the cycle must begin to end with the same.
        var last = 0.0;
        foreach (var a in arrivals) last = (smoothing * a) + ((1 - smoothing) * last);
        last /= 1 - Math.Pow(1 - smoothing, n);
        for (var i = 0; i < n; i++) arrivals[i] = last = (smoothing * arrivals[i]) + ((1 - smoothing) * last);
        return arrivals;
    }
}
