namespace TrafficFlow.Core.Scoring;

/// <summary>
/// Pairs true with counted crossings of one gate and direction: each at most once, and only within a tolerance. Of all such pairings it
/// takes the one with the most required rows, then the most optional rows, then the least summed time error.
/// </summary>
/// <remarks>
/// On a line, two pairs that cross can be uncrossed without losing a row or adding error, so a walk over both lists in order of time finds
/// the optimum exactly; only counted rows within the tolerance of a true one are visited.
/// </remarks>
public static class CrossingMatcher
{
    /// <param name="truth">Times in seconds, ascending, and whether the row is optional.</param>
    /// <param name="counted">Times in seconds, ascending.</param>
    /// <returns>For each true row the index of its counted row, or -1.</returns>
    public static int[] Match(
        IReadOnlyList<(double TimeSeconds, bool IsOptional)> truth, IReadOnlyList<double> counted, double toleranceSeconds)
    {
        var rows = new Row[truth.Count + 1];
        rows[0] = new Row(0, [default]);
        for (var i = 0; i < truth.Count; i++)
        {
            rows[i + 1] = Next(rows[i], truth[i], counted, toleranceSeconds);
        }

        return Trace(rows, counted.Count);
    }

    private static Row Next(
        in Row previous, (double TimeSeconds, bool IsOptional) truth, IReadOnlyList<double> counted, double tolerance)
    {
        tolerance += 1e-9; // times have two decimals, and 1.3 - 0.5 is a little more than 0.8
        var first = previous.First;
        while (first < counted.Count && truth.TimeSeconds - counted[first] > tolerance) first++;
        var end = first;
        while (end < counted.Count && counted[end] - truth.TimeSeconds <= tolerance) end++;

        var best = new Gain[end - first + 1];
        best[0] = previous.Upto(first);
        for (var j = first + 1; j <= end; j++)
        {
            var skipped = Gain.Better(previous.Upto(j), best[j - 1 - first]);
            best[j - first] = Gain.Better(skipped, previous.Upto(j - 1).Plus(truth, counted[j - 1]));
        }

        return new Row(first, best);
    }

    private static int[] Trace(Row[] rows, int counted)
    {
        var matches = new int[rows.Length - 1];
        Array.Fill(matches, -1);
        var j = counted;
        for (var i = matches.Length; i > 0; i--)
        {
            var row = rows[i];
            var previous = rows[i - 1];
            j = Math.Min(j, row.First + row.Best.Length - 1);
            while (j > row.First && row.Upto(j) != previous.Upto(j))
            {
                j--;
                if (row.Upto(j) == row.Upto(j + 1)) continue;
                matches[i - 1] = j;
                break;
            }
        }

        return matches;
    }

    /// <summary>The best gain with the true rows so far and the first <c>First + k</c> counted rows.</summary>
    private readonly record struct Row(int First, Gain[] Best)
    {
        public Gain Upto(int counted) => Best[Math.Clamp(counted - First, 0, Best.Length - 1)];
    }

    private readonly record struct Gain(int Required, int Optional, double ErrorSeconds)
    {
        public Gain Plus((double TimeSeconds, bool IsOptional) truth, double counted) => new(
            Required + (truth.IsOptional ? 0 : 1),
            Optional + (truth.IsOptional ? 1 : 0),
            ErrorSeconds + Math.Abs(counted - truth.TimeSeconds));

        public static Gain Better(in Gain a, in Gain b)
        {
            if (a.Required != b.Required) return a.Required > b.Required ? a : b;
            if (a.Optional != b.Optional) return a.Optional > b.Optional ? a : b;
            return a.ErrorSeconds <= b.ErrorSeconds ? a : b;
        }
    }
}
