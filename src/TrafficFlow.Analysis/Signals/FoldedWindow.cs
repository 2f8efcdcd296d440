namespace TrafficFlow.Analysis.Signals;

/// <summary>Where in a cycle a stream discharges: one window [Begin, Begin + Length), in seconds, modulo the cycle.</summary>
/// <param name="Inside">Crossings within it.</param>
/// <param name="LogLikelihoodRatio">Against discharge at any time.</param>
internal readonly record struct FoldedWindow(double Begin, double Length, int Inside, double LogLikelihoodRatio)
{
    private const double BinSeconds = 0.5;

    /// <summary>The window of the highest likelihood, of a stream that is Poisson with one rate inside and another outside.</summary>
    /// <param name="phases">Crossings in the cycle, 0 to below the cycle.</param>
    /// <param name="exposure">For how long each bin of half a second was watched, over all cycles, seconds; null for all alike.</param>
    public static FoldedWindow Find(IReadOnlyList<double> phases, double cycle, double[]? exposure = null)
    {
        var bins = Math.Max(8, (int)Math.Round(cycle / BinSeconds));
        var width = cycle / bins;
        var (counts, times) = (new double[(2 * bins) + 1], new double[(2 * bins) + 1]);
        var histogram = new int[bins];
        foreach (var phase in phases) histogram[Math.Min(bins - 1, (int)(phase / width))]++;
        for (var i = 0; i < 2 * bins; i++)
        {
            counts[i + 1] = counts[i] + histogram[i % bins];
            times[i + 1] = times[i] + (exposure is null ? width : exposure[(int)((i % bins + 0.5) * exposure.Length / bins)]);
        }

        var (all, total) = ((double)phases.Count, times[bins]);
        var best = default(FoldedWindow);
        var shortest = Math.Max(1, (int)(3 / width));
        for (var from = 0; from < bins; from++)
        {
            for (var length = shortest; length <= bins - shortest; length++)
            {
                var (inside, seen) = (counts[from + length] - counts[from], times[from + length] - times[from]);
                if (inside / Math.Max(seen, 1e-9) <= all / total) continue;
                var ratio = Term(inside, seen, all / total) + Term(all - inside, total - seen, all / total);
                if (ratio > best.LogLikelihoodRatio) best = new FoldedWindow(from * width, length * width, (int)inside, ratio);
            }
        }

        return best;
    }

    /// <summary>
    /// When the queue has gone and only those pass that arrive, and when nobody passes any more: two changes of rate, by the highest likelihood of a
    /// stream with three rates, the last of them the lowest.
    /// </summary>
    /// <param name="phases">Crossings since a little before the first one, 0 to below the cycle.</param>
    /// <param name="exposure">For how long each bin was watched, over all cycles, seconds.</param>
    public static (double Thins, double Ends) Thinning(IReadOnlyList<double> phases, double cycle, double[] exposure)
    {
        var (bins, width) = (exposure.Length, cycle / exposure.Length);
        var (counts, times) = (new double[bins + 1], new double[bins + 1]);
        foreach (var phase in phases) counts[Math.Min(bins - 1, (int)(phase / width)) + 1]++;
        for (var i = 0; i < bins; i++) (counts[i + 1], times[i + 1]) = (counts[i] + counts[i + 1], times[i] + exposure[i]);
        var (most, best, mean) = (double.NegativeInfinity, (Thins: 0, Ends: bins), phases.Count / Math.Max(times[bins], 1e-9));
        var shortest = Math.Max(1, (int)(4 / width));
        for (var ends = shortest; ends < bins - 1; ends++)
        {
            var red = Rate(ends, bins);
            for (var thins = shortest; thins <= ends; thins++)
            {
                if (thins < ends && Rate(thins, ends) <= red) continue;
                var sum = Part(0, thins) + Part(thins, ends) + Part(ends, bins);
                if (sum > most) (most, best) = (sum, (thins, ends));
            }
        }

        return (best.Thins * width, best.Ends * width);

        double Rate(int a, int b) => (counts[b] - counts[a]) / Math.Max(times[b] - times[a], 1e-9);

        double Part(int a, int b) => Term(counts[b] - counts[a], times[b] - times[a], mean);
    }

    public static int Bins(double cycle) => Math.Max(8, (int)Math.Round(cycle / BinSeconds));

    private static double Term(double count, double seconds, double mean)
    {
        if (count <= 0 || seconds <= 0) return 0;
        return count * Math.Log(count / seconds / mean);
    }
}
