using System.Collections.Immutable;

namespace TrafficFlow.Analysis.Queues;

/// <summary>The lanes of an approach, told from where its vehicles passed the entering gate.</summary>
/// <param name="Middles">Of each lane, metres right of the gate's middle, from the left to the right.</param>
/// <param name="Scatter">Standard deviation of vehicles around the middle of their lane, metres: how they drive, and how exactly the cameras place them.</param>
public sealed record ApproachLanes(ImmutableArray<double> Middles, double Scatter)
{
    /// <summary>Fewer vehicles tell no lanes.</summary>
    public const int FewestVehicles = 30;

    // Lanes are 2.75 to 3.5 m wide (Japan: 道路構造令 5; elsewhere up to 3.75 m); a wide one whose vehicles keep aside makes middles lie a little nearer or farther.
    private const double NarrowestMetres = 2.75;
    private const double WidestMetres = 3.75;
    private const double NearestMiddles = 2.4;
    private const double FarthestMiddles = 4.5;

    private const int MostLanes = 6;
    private const double BinMetres = 0.1;
    private const double LeastScatter = 0.25;

    /// <summary>Vehicles of neighbouring lanes overlap by more than one in a hundred where their middles lie nearer than so many deviations.</summary>
    private const double LeastSeparation = 4.65;

    private const double OutlierShare = 0.03;
    private const double LeastShare = 0.02;

    /// <summary>In which lane somebody drives who passes there, 1 the leftmost; null for whoever is nowhere near one.</summary>
    public int? Of(double lateralMetres)
    {
        var best = -1;
        for (var i = 0; i < Middles.Length; i++)
        {
            if (best < 0 || Math.Abs(Middles[i] - lateralMetres) < Math.Abs(Middles[best] - lateralMetres)) best = i;
        }

        return best >= 0 && Math.Abs(Middles[best] - lateralMetres) <= FarthestMiddles / 2 ? best + 1 : null;
    }

    /// <summary>
    /// A mixture of normal distributions, one for each lane, of one deviation, with outliers anywhere (expectation maximisation; as many lanes as the Bayesian information criterion
    /// supports). Null where that cannot be told: too few vehicles, or cameras that place them so roughly that lanes overlap.
    /// </summary>
    public static ApproachLanes? Of(IReadOnlyCollection<double> lateralMetres)
    {
        var known = lateralMetres.Where(double.IsFinite).ToList();
        if (known.Count < FewestVehicles) return null;
        // Who strays far beyond all others was placed wrongly.
        known.Sort();
        var (low, high) = (known[known.Count / 50], known[^(1 + (known.Count / 50))]);
        if (high - low > MostLanes * FarthestMiddles) return null;
        var histogram = new double[(int)Math.Ceiling((high - low) / BinMetres) + 1];
        foreach (var metres in known)
        {
            if (metres >= low && metres <= high) histogram[(int)((metres - low) / BinMetres)]++;
        }

        LaneMixture? best = null;
        for (var lanes = 1; lanes <= MostLanes; lanes++)
        {
            if ((lanes - 1) * NarrowestMetres > high - low + NarrowestMetres) break;
            if (Fit(histogram, low, lanes) is { } fitted && (best is null || fitted.Criterion < best.Criterion)) best = fitted;
        }

        return best is null || best.Nearest < LeastSeparation * best.Scatter ? null : new ApproachLanes([.. best.Middles], best.Scatter);
    }

    /// <summary>The best of those that begin with equal lanes anywhere across the road.</summary>
    private static LaneMixture? Fit(double[] histogram, double low, int lanes)
    {
        var best = (Likelihood: double.NegativeInfinity, From: 0.0, Width: 0.0);
        var length = histogram.Length * BinMetres;
        var probe = new LaneMixture(histogram, low, BinMetres, lanes);
        for (var width = NarrowestMetres; width <= WidestMetres + 0.01; width += 0.125)
        {
            for (var from = Math.Min(0, length - ((lanes - 1) * width)); from <= Math.Max(0, length - ((lanes - 1) * width)) + 0.01; from += 0.2)
            {
                probe.Begin(low + from, width, 0.5);
                var likelihood = probe.Step(OutlierShare);
                if (likelihood > best.Likelihood) best = (likelihood, from, width);
            }
        }

        probe.Begin(low + best.From, best.Width, 0.5);
        for (var i = 0; i < 60; i++)
        {
            probe.Step(OutlierShare);
            probe.Limit(LeastScatter, NearestMiddles, FarthestMiddles);
        }

        probe.Judge(OutlierShare);
        return probe.LeastWeight < LeastShare || double.IsNaN(probe.Criterion) ? null : probe;
    }
}
