using TrafficFlow.Analysis.Capacity;

namespace TrafficFlow.Analysis.Causes;

/// <summary>
/// When the vehicles of a group lose more time than signals must cost. What they must cost is the uniform delay of HCM at the group's own green ratio, in a cycle of usual length, and what
/// chance adds well below capacity; so a cycle that is far too long counts as trouble, and one that works does not.
/// </summary>
internal static class TroubledStretches
{
    public const double CellSeconds = 300;

    /// <summary>Usual cycles end here; a longer one must earn its delay (domain.md: Webster's optimum of a junction that is not full lies below).</summary>
    private const double UsualCycleSeconds = 120;

    /// <summary>HCM's incremental delay at a degree of saturation of 0.75 is 5 to 10 s.</summary>
    private const double ChanceSeconds = 7;

    /// <summary>Mean excess over a quarter of an hour from which it is trouble, and down to which it goes on: about one level of service of HCM (15 to 20 s), and half of one.</summary>
    private const double BeginsSeconds = 15;
    private const double EndsSeconds = 8;

    /// <summary>So much must be lost within a quarter of an hour, in vehicle-seconds: a few unlucky vehicles are none.</summary>
    private const double LeastVehicleSeconds = 540;

    /// <summary>So much at once is trouble, however unevenly it is shared: the few who stood behind a stop that is soon over.</summary>
    private const double SuddenVehicleSeconds = 1200;

    /// <summary>The mean must stand so many standard errors above the limit of going on.</summary>
    private const double Sigmas = 1.5;

    /// <summary>What one vehicle lost beyond what its signal must cost, seconds; below zero where it was lucky.</summary>
    public static double Excess(ObservedGroup group, ObservedVehicle vehicle, double mustCost) => vehicle.Delay - mustCost;

    /// <summary>What a signal must cost a vehicle of the group on the mean.</summary>
    /// <param name="usualCycle">The longest cycle that need be, seconds.</param>
    public static double MustCost(ObservedGroup group, Stretch stretch, double usualCycle = UsualCycleSeconds)
    {
        var cycles = group.Cycles.Where(c => stretch.Contains(c.Green)).ToList();
        if (cycles.Count == 0) cycles = [.. group.Cycles];
        if (cycles.Count == 0) return 30;
        var (cycle, green) = (cycles.Average(c => c.Seconds), cycles.Average(c => c.GreenSeconds));
        var usual = Math.Min(cycle, usualCycle);
        // Where right turns give way, green alone does not let them go.
        return HcmDelay.UniformSeconds(usual, usual * green / cycle, 0.75) + (group.IsRight ? 2 * ChanceSeconds : ChanceSeconds);
    }

    public static IReadOnlyList<Stretch> Of(ObservedGroup group, double seconds)
    {
        var cells = (int)Math.Ceiling(seconds / CellSeconds);
        var (count, sum, squares) = (new double[cells], new double[cells], new double[cells]);
        var cost = Enumerable.Range(0, cells).Select(c => MustCost(group, new Stretch(c * CellSeconds, (c + 1) * CellSeconds))).ToArray();
        foreach (var vehicle in group.Vehicles)
        {
            var cell = (int)(vehicle.Entered / CellSeconds);
            if (cell < 0 || cell >= cells) continue;
            var excess = Excess(group, vehicle, cost[cell]);
            (count[cell], sum[cell], squares[cell]) = (count[cell] + 1, sum[cell] + excess, squares[cell] + (excess * excess));
        }

        var stretches = new List<Stretch>();
        var isOn = new bool[cells];
        for (var c = 0; c < cells; c++)
        {
            var (n, mean, error) = Window(c);
            if (n >= 5 && mean >= BeginsSeconds && mean * n >= LeastVehicleSeconds && (mean - (Sigmas * error) >= EndsSeconds || mean * n >= SuddenVehicleSeconds)) isOn[c] = true;
        }

        for (var c = 0; c < cells; c++)
        {
            if (!isOn[c]) continue;
            var (from, to) = (c, c);
            while (from > 0 && GoesOn(from - 1)) from--;
            while (to + 1 < cells && (isOn[to + 1] || GoesOn(to + 1))) to++;
            var begin = from * CellSeconds;
            if (stretches.Count > 0 && begin <= stretches[^1].To + CellSeconds) stretches[^1] = new Stretch(stretches[^1].From, (to + 1) * CellSeconds);
            else stretches.Add(new Stretch(begin, (to + 1) * CellSeconds));
            c = to;
        }

        return stretches;

        // Nobody passes while a lane is blocked: that goes on.
        bool GoesOn(int c) => count[c] < 1 ? c + 1 < cells && isOn[c + 1] : sum[c] / count[c] >= EndsSeconds;

        (double N, double Mean, double Error) Window(int c)
        {
            var (n, s, q) = (0.0, 0.0, 0.0);
            for (var i = Math.Max(0, c - 1); i <= Math.Min(cells - 1, c + 1); i++) (n, s, q) = (n + count[i], s + sum[i], q + squares[i]);
            if (n < 2) return (n, 0, double.PositiveInfinity);
            var mean = s / n;
            return (n, mean, Math.Sqrt(Math.Max(0, (q / n) - (mean * mean)) / n));
        }
    }
}
