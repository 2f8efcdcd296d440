using System.Runtime.CompilerServices;

namespace TrafficFlow.Analysis.Optimisation.Search;

/// <summary>Accepts what costs energy with probability exp(-cost), cost in units of temperature.</summary>
internal static class Metropolis
{
    /// <summary>ln 2^53: beyond, no number that can be drawn is small enough.</summary>
    public const double Hopeless = 36.7368;

    /// <summary>Exactly exp(-cost) &gt; u, but the exponential is computed only between two bounds of it that are cheap: 1 - t below 1, and 1 / (1 + t + t²/2 + t³/6) above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Accepts(double cost, ref Xoshiro256 random)
    {
        var u = random.NextDouble();
        if (u < 1 - cost) return true;
        if (u * (1 + cost * (1 + cost * (0.5 + cost * (1.0 / 6)))) > 1) return false;
        return Math.Exp(-cost) > u;
    }
}
